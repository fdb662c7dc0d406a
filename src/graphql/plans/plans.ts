import { type DocumentNode, getOperationAST, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { DeprecatedUses } from '../deprecated-uses.ts';
import type { AnswerLimits } from '../limits/answer-count.ts';
import { MakingTime } from './making-time.ts';
import { Plan } from './plan.ts';
import type { VariableValues } from './variables.ts';

/** What is asked of a plan: the names are those of GraphQL over HTTP. */
export interface PlannedRequest {
  readonly query: string;
  readonly operationName?: string;
  readonly variables?: VariableValues;
}

export interface PlansOptions {
  readonly schema: GraphQLSchema;
  readonly limits: AnswerLimits;
  readonly usesOf: DeprecatedUses;
  /** In milliseconds, only forward. */
  readonly now: () => number;
}

const maxDocuments = 256;
/** A parsed document takes many times its text, and its author chooses the text. */
const maxCharacters = 131_072;

interface KnownDocument {
  readonly document: DocumentNode;
  /** By the name that was asked for; null where no plan can be made. */
  readonly plans: Map<string | undefined, Plan | null>;
  /** Since it was last looked at for eviction. */
  isUsed: boolean;
}

/**
 * The plans of the documents that are asked again and again: made with the second use of a document that has been validated, bounded
 * in number, in the characters of their documents, and in the time that is spent on making them.
 */
export class Plans {
  /** Answers that plans wrote, and times that one was tried and handed over. */
  answers = 0;
  handOvers = 0;
  readonly #options: PlansOptions;
  readonly #documents = new Map<string, KnownDocument>();
  readonly #time: MakingTime;
  #characters = 0;

  constructor(options: PlansOptions) {
    this.#options = options;
    this.#time = new MakingTime(options.now);
  }

  /** Takes note of a document that is valid. Only such ones get plans. */
  learn(text: string, document: DocumentNode): void {
    if (this.#documents.has(text) || text.length > maxCharacters) return;
    this.#documents.set(text, { document, plans: new Map(), isUsed: false });
    this.#characters += text.length;
    while (this.#documents.size > maxDocuments || this.#characters > maxCharacters) this.#evictOne();
  }

  /** The plan for this text and operation, if there is one or it can be made now. */
  find(text: string, operationName: string | undefined): Plan | undefined {
    const known = this.#documents.get(text);
    if (!known) return undefined;
    known.isUsed = true;
    const plan = known.plans.get(operationName);
    return (plan === undefined ? this.#make(known, operationName) : plan) ?? undefined;
  }

  /** The whole answer as JSON, where it has no error; undefined where the ordinary execution has to answer, in the same context. */
  answer(
    { query, operationName, variables }: PlannedRequest,
    context: GatewayContext,
  ): string | undefined | Promise<string | undefined> {
    const plan = this.find(query, operationName);
    if (!plan) return undefined;
    const { report, trace } = context.operation;
    report.operationName = plan.operationName;
    report.deprecatedUses = plan.deprecatedUses;
    const endSpan = trace?.beginOperation('query', plan.fullName, report.documentOrigin === 'trusted');
    try {
      const running = plan.run(variables, context);
      const answer =
        typeof running === 'string' ? this.#checked(running) : running.then(this.#checked, this.#handOver);
      return endSpan ? ended(answer, endSpan) : answer;
    } catch {
      // A request that is refused before its execution reports neither.
      report.operationName = undefined;
      report.deprecatedUses = [];
      return this.#handOver();
    }
  }

  // Bound once, not for each answer.
  readonly #checked = (answer: string): string | undefined => {
    // The limit is in bytes, and a character has at most three. Nearer to the limit the executor decides: it counts bytes exactly.
    if (answer.length * 3 > this.#options.limits.maxBytes) return this.#handOver();
    this.answers += 1;
    return answer;
  };

  readonly #handOver = (): undefined => {
    this.handOvers += 1;
  };

  #make({ document, plans }: KnownDocument, operationName: string | undefined): Plan | null | undefined {
    const { schema, limits, usesOf } = this.#options;
    const operation = getOperationAST(document, operationName);
    // Names that the document does not have are the callers' to make up: they are not kept.
    if (!operation) return undefined;
    const plan = this.#time.make(
      () => new Plan(operation, { schema, document, limits, usesOf, time: this.#time }),
    );
    if (plan !== undefined) plans.set(operationName, plan);
    return plan;
  }

  /** Evicts the document that has been known longest of those that are not used: hot ones outlive a flood of others. */
  #evictOne(): void {
    for (const [text, known] of this.#documents) {
      this.#documents.delete(text);
      if (!known.isUsed) {
        this.#characters -= text.length;
        return;
      }
      known.isUsed = false;
      this.#documents.set(text, known);
    }
  }
}

/** Ends the span of an operation that a plan has answered. One that is handed over is ended by the ordinary execution. */
async function ended(
  answer: string | undefined | Promise<string | undefined>,
  endSpan: (codes: readonly string[]) => void,
): Promise<string | undefined> {
  const settled = await answer;
  if (settled !== undefined) endSpan([]);
  return settled;
}
