import {
  type DocumentNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  visit,
} from 'graphql';
import type { GatewayContext } from '../context.ts';
import { AnswerEstimate } from '../limits/answer-estimate.ts';
import type { DeprecatedUses } from '../deprecated-uses.ts';
import type { AnswerLimits } from '../limits/answer-count.ts';
import { type CompiledOperation, Compiler, type PlanBounds } from './compile.ts';
import type { PlacedError } from '../error-at.ts';
import { answerWith, type FieldErrors, type Written } from './field-errors.ts';
import { handOver, refuse } from './hand-over.ts';
import { loggedName } from '../operation-name.ts';
import type { MakingTime } from './making-time.ts';
import { VariableCoercer, type VariableValues } from './variables.ts';

/** Maximum variables in the @skip and @include of a plan: each doubles the number of variants. */
const maxConditions = 5;
/** Candidates for the maximum items of a list in a plan's answer. The first that the limits allow is used. */
const listLengths = [100, 10, 1];

/** What a plan is made from. */
export interface PlanParts {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly limits: AnswerLimits;
  readonly usesOf: DeprecatedUses;
  readonly time: MakingTime;
  readonly errors: FieldErrors;
}

/**
 * Executes a query without reading its document again. It writes data, and errors of fields that may be null. All other answers are
 * handed over to Yoga.
 */
export class Plan {
  /** The operation's name in the document, and below it as it is logged. */
  readonly fullName: string | undefined;
  readonly operationName: string | undefined;
  /** For the operation's report. */
  readonly deprecatedUses: readonly string[];
  readonly #parts: PlanParts;
  readonly #operation: OperationDefinitionNode;
  readonly #coercer: VariableCoercer;
  readonly #conditions: readonly string[];
  /** By the values of the conditions, one bit each. Null if the variant cannot be made. */
  readonly #variants: (CompiledOperation | null | undefined)[] = [];

  /** Throws `handOver` if no plan can be made for the operation. */
  constructor(operation: OperationDefinitionNode, parts: PlanParts) {
    const { schema, document, usesOf } = parts;
    if (operation.operation !== OperationTypeNode.QUERY || operation.directives?.length) throw handOver;
    this.fullName = operation.name?.value;
    this.operationName = loggedName(operation);
    this.deprecatedUses = usesOf(document, operation.name?.value);
    this.#parts = parts;
    this.#operation = operation;
    this.#coercer = new VariableCoercer(schema, operation.variableDefinitions ?? []);
    this.#conditions = conditionsOf(document);
    if (this.#conditions.length > maxConditions) throw handOver;
  }

  /**
   * @param given the variables of the request.
   * @returns the whole answer. Throws or rejects if Yoga has to answer.
   */
  run(given: VariableValues | undefined, context: GatewayContext): Written | Promise<Written> {
    const variables = this.#coercer.coerce(given);
    const { roots, after } = this.#variantFor(variables);
    const [only] = roots;
    if (only && roots.length === 1) return only.answer(only.argumentsOf(variables), context);
    if (!only) return after;
    // The arguments of all, before the first is resolved: Yoga may have to refuse the request before any call.
    const args = roots.map(({ argumentsOf }) => argumentsOf(variables));
    const begun: Promise<Written>[] = [];
    try {
      for (const [at, { answer }] of roots.entries())
        begun.push(Promise.resolve(answer(args[at] ?? {}, context)));
    } catch (error) {
      // Nothing else handles the other promises, and an unhandled rejection ends the process.
      void Promise.allSettled(begun);
      throw error;
    }
    return Promise.all(begun).then((values) => joined(roots, values, after));
  }

  #variantFor(variables: VariableValues): CompiledOperation {
    let bits = 0;
    for (const name of this.#conditions) {
      const value = variables[name];
      if (typeof value !== 'boolean') throw handOver;
      bits = bits * 2 + Number(value);
    }
    let variant = this.#variants[bits];
    if (variant === undefined) {
      variant = this.#parts.time.make(() => this.#compile(variables));
      this.#variants[bits] = variant;
    }
    return variant ?? refuse();
  }

  #compile(variables: VariableValues): CompiledOperation {
    const conditions = new Map(this.#conditions.map((name) => [name, variables[name] === true]));
    const { schema, document, errors } = this.#parts;
    const bounds = this.#bounds();
    return new Compiler(schema, document, conditions, bounds, errors).compile(this.#operation);
  }

  /** The longest lists whose estimated answer stays within the limits, by the estimate that Yoga's way uses. */
  #bounds(): PlanBounds {
    const { name, variableDefinitions = [] } = this.#operation;
    const { document, limits } = this.#parts;
    for (const maxItems of listLengths) {
      const list = Array.from({ length: maxItems });
      const variables = Object.fromEntries(
        variableDefinitions.map(({ variable }) => [variable.name.value, list]),
      );
      const estimate = new AnswerEstimate(document, name?.value, variables);
      const { total } = estimate;
      const room = {
        fields: limits.maxFields - total.fields,
        keyBytes: limits.maxBytes - total.keyBytes,
      };
      if (room.fields >= 0 && room.keyBytes >= 0) return { maxItems, estimate, room };
    }
    return refuse();
  }
}

function joined(roots: CompiledOperation['roots'], values: readonly Written[], after: string): Written {
  const errors: PlacedError[] = [];
  let answer = '';
  for (const [at, value] of values.entries()) {
    answer += roots[at]?.before ?? '';
    if (typeof value === 'string') {
      answer += value;
    } else {
      answer += value.text;
      errors.push(...value.errors);
    }
  }
  return answerWith(errors, answer + after);
}

/** The variables in the @skip and @include of a document. */
function conditionsOf(document: DocumentNode): string[] {
  const names = new Set<string>();
  visit(document, {
    Directive({ arguments: given = [] }) {
      for (const { value } of given) if (value.kind === Kind.VARIABLE) names.add(value.name.value);
    },
  });
  return [...names];
}
