import { type DocumentNode, getOperationAST, type GraphQLSchema } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { DeprecatedUses } from '../deprecated-uses.ts';
import type { AnswerLimits } from '../limits/answer-count.ts';
import { MakingTime } from './making-time.ts';
import { Plan } from './plan.ts';
import type { OperationReport } from '../report.ts';
import { FieldErrors, type Written } from './field-errors.ts';
import type { VariableValues } from './variables.ts';

/** A request for a plan, with the names of GraphQL over HTTP. */
export interface PlannedRequest {
  readonly query: string;
  readonly operationName: string | undefined;
  readonly variables: VariableValues | undefined;
}

export interface PlansOptions {
  readonly schema: GraphQLSchema;
  readonly limits: AnswerLimits;
  readonly usesOf: DeprecatedUses;
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
}

const maxDocuments = 256;
/** Of all documents together. A parsed document takes many times the memory of its text, and clients choose the text. */
const maxCharacters = 131_072;

interface KnownDocument {
  readonly document: DocumentNode;
  /** By the requested operation name. Null if no plan can be made. */
  readonly plans: Map<string | undefined, Plan | null>;
  /** Whether it was requested since the eviction last checked it. */
  isUsed: boolean;
}

/**
 * The plans of documents that are requested repeatedly. A plan is made at the second request with a validated document. The number of
 * documents, their characters, and the time for making plans are limited.
 */
export class Plans {
  /** Counters: answers written by plans, and requests that a plan handed over. */
  answers = 0;
  handOvers = 0;
  readonly #options: PlansOptions;
  readonly #documents = new Map<string, KnownDocument>();
  readonly #time: MakingTime;
  readonly #errors = new FieldErrors();
  #characters = 0;

  constructor(options: PlansOptions) {
    this.#options = options;
    this.#time = new MakingTime(options.now);
  }

  /** Keeps a valid document. Only these get plans. */
  keep(text: string, document: DocumentNode): void {
    if (this.#documents.has(text) || text.length > maxCharacters) return;
    this.#documents.set(text, { document, plans: new Map(), isUsed: false });
    this.#characters += text.length;
    while (this.#documents.size > maxDocuments || this.#characters > maxCharacters) this.#evictOne();
  }

  /** The plan for this text and operation. Makes it if there is none yet; undefined if that is not possible now. */
  find(text: string, operationName: string | undefined): Plan | undefined {
    const known = this.#documents.get(text);
    if (!known) return undefined;
    known.isUsed = true;
    const plan = known.plans.get(operationName);
    return (plan === undefined ? this.#make(known, operationName) : plan) ?? undefined;
  }

  /** The whole answer as JSON. Undefined if Yoga has to answer, in the same context. */
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
        running instanceof Promise
          ? running.then((written) => this.#checked(written, context), this.#handOver)
          : this.#checked(running, context);
      return endSpan ? ended(answer, endSpan, report) : answer;
    } catch {
      // Yoga may refuse the request before its execution, and then reports neither.
      report.operationName = undefined;
      report.deprecatedUses = [];
      return this.#handOver();
    }
  }

  #checked(written: Written, { operation }: GatewayContext): string | undefined {
    const text = typeof written === 'string' ? written : written.text;
    // The limit is in bytes, and a UTF-16 unit has at most three. Near the limit Yoga answers: it counts the bytes exactly.
    if (text.length * 3 > this.#options.limits.maxBytes) return this.#handOver();
    if (typeof written !== 'string') {
      if (operation.refusal) return this.#handOver();
      operation.report.addErrors(written.errors);
    }
    this.answers += 1;
    return text;
  }

  readonly #handOver = (): undefined => {
    this.handOvers += 1;
  };

  #make({ document, plans }: KnownDocument, operationName: string | undefined): Plan | null | undefined {
    const { schema, limits, usesOf } = this.#options;
    const operation = getOperationAST(document, operationName);
    // Callers can make up any number of names that the document does not have: these are not kept.
    if (!operation) return undefined;
    const plan = this.#time.make(
      () => new Plan(operation, { schema, document, limits, usesOf, time: this.#time, errors: this.#errors }),
    );
    if (plan !== undefined) plans.set(operationName, plan);
    return plan;
  }

  /** Evicts the oldest document that was not requested lately. So documents in use survive a flood of others. */
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

/** Ends the span of an operation that a plan has answered. If it hands the request over, Yoga's way ends the span. */
async function ended(
  answer: string | undefined | Promise<string | undefined>,
  endSpan: (codes: readonly string[]) => void,
  report: OperationReport,
): Promise<string | undefined> {
  const settled = await answer;
  if (settled !== undefined) endSpan(report.codes);
  return settled;
}
