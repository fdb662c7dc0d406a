/**
 * Thrown if a plan cannot write the answer: an error is not meant for clients, or its field may not be null; a value has another type
 * than in the schema; an argument has no value; or a limit is reached. Yoga then answers the request in the same context. One object for
 * all, because its stack is not used.
 */
export const handOver = new Error('A plan hands its request over to Yoga.');

/** Throws `handOver` in an expression: `found ?? refuse()`. */
export function refuse(): never {
  throw handOver;
}
