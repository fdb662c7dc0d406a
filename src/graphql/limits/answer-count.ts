import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { AnswerEstimate, Weight } from './answer-estimate.ts';

export interface AnswerLimits {
  /** Maximum size of an answer in bytes of UTF-8. */
  readonly maxBytes: number;
  /** Maximum number of fields, as `AnswerEstimate` weighs them, without those in lists from the upstream. */
  readonly maxFields: number;
}

// A field takes about a microsecond. A whole conference has 40 fields.
const fieldsPerCall = 100;
const fieldsAtLeast = 10_000;

// Fields in lists from the upstream may come on top: their number is limited by what the upstream sends, and they come answer by answer.
const timesWithLists = 3;

/** The maximum number of fields for an operation that may make this many calls. */
export function maxFieldsFor(maxCalls: number): number {
  return Math.max(fieldsAtLeast, fieldsPerCall * maxCalls);
}

/** An error takes as much time as a dozen fields, and no client reads so many. */
export const maxErrors = 1000;

/**
 * The size of an operation's answer so far. Every field and error counts, on the short path and in the executor. Past a limit, `refusal`
 * is set and the rest of the operation is not executed.
 */
export class AnswerCount {
  /** Bytes of UTF-8 of the answer's JSON: keys, values and errors. Only the estimate counts `__typename`. */
  bytes = 0;
  /** The estimate, plus the items of lists from the upstream. */
  weight: Weight = { fields: 0, keyBytes: 0 };
  errors = 0;
  /** The error ANSWER_TOO_LARGE, once a limit is exceeded. */
  refusal: GraphQLError | undefined;
  readonly #limits: AnswerLimits;
  #estimate: AnswerEstimate | undefined;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Starts with the estimate. */
  begin(estimate: AnswerEstimate): void {
    this.#estimate = estimate;
    this.reset();
    this.#check(this.#limits.maxFields);
  }

  /** Resets the count for the next event of a subscription. */
  reset(): void {
    this.bytes = 0;
    this.errors = 0;
    this.refusal = undefined;
    if (this.#estimate) this.weight = this.#estimate.total;
  }

  add(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes > this.#limits.maxBytes) this.#refuse(`more than ${this.#limits.maxBytes} bytes`);
  }

  addError(bytes: number): void {
    this.add(bytes);
    this.checkErrors(this.errors + 1);
  }

  checkErrors(count: number): void {
    this.errors = count;
    if (count > maxErrors) this.#refuse(`more than ${maxErrors} errors`);
  }

  /** Adds a list from the upstream: the selection below its field counts once for each item. */
  addItems(count: number, nodes: Parameters<AnswerEstimate['below']>[0]): void {
    const below = this.#estimate?.below(nodes);
    if (!below) return;
    this.weight = {
      fields: this.weight.fields + count * (1 + below.fields),
      keyBytes: this.weight.keyBytes + count * below.keyBytes,
    };
    this.#check(timesWithLists * this.#limits.maxFields);
  }

  #check(maxFields: number): void {
    const { maxBytes } = this.#limits;
    if (this.weight.fields > maxFields) this.#refuse(`more than ${maxFields} fields`);
    if (this.weight.keyBytes > maxBytes) this.#refuse(`more than ${maxBytes} bytes`);
  }

  #refuse(what: string): void {
    this.refusal ??= clientError('ANSWER_TOO_LARGE', `The answer would have ${what}.`);
  }
}
