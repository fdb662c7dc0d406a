import type { GraphQLError } from 'graphql';
import { clientError } from '../errors.ts';
import type { AnswerEstimate, Weight } from './answer-estimate.ts';

export interface AnswerLimits {
  /** Bytes of UTF-8 that an answer may have. */
  readonly maxBytes: number;
  /** Fields that an answer may have, as `AnswerEstimate` weighs them. Those in lists of the upstream are not among them. */
  readonly maxFields: number;
}

// A microsecond each. A whole conference is 40 fields.
const fieldsPerCall = 100;
const fieldsAtLeast = 10_000;

// Those in lists of the upstream come with its answers, one after the other, and no more than it sends.
const timesWithLists = 3;

/** Fields that an answer may have where an operation may make so many calls. */
export function maxFieldsFor(maxCalls: number): number {
  return Math.max(fieldsAtLeast, fieldsPerCall * maxCalls);
}

/** An error takes as long as a dozen fields, and nobody reads so many. */
const maxErrors = 1000;

/**
 * How large an operation's answer has become. It grows with each field and error that is served, whichever way executes the
 * operation; past a limit `refusal` is set, and nothing more of the operation is executed.
 */
export class AnswerCount {
  /** Bytes of UTF-8 of the answer's JSON: keys, values and errors. `__typename` is left to the estimate. */
  bytes = 0;
  /** The estimate, and what lists of the upstream have added to it. */
  weight: Weight = { fields: 0, keyBytes: 0 };
  errors = 0;
  /** ANSWER_TOO_LARGE, once it is. */
  refusal: GraphQLError | undefined;
  readonly #limits: AnswerLimits;
  #estimate: AnswerEstimate | undefined;

  constructor(limits: AnswerLimits) {
    this.#limits = limits;
  }

  /** Begins with what the request alone tells. */
  begin(estimate: AnswerEstimate): void {
    this.#estimate = estimate;
    this.reset();
    this.#check(this.#limits.maxFields);
  }

  /** Counts anew, for the next event of a subscription. */
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

  /** A list that the upstream sent: what is below its field comes once for each item. */
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
