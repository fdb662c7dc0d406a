/**
 * Thrown where a plan meets what it does not write itself: an error, a value of another type than the schema says, an argument
 * without a value. The request is then executed the ordinary way, in the same context. One object for all: nobody reads its stack.
 */
export const handOver = new Error('A plan hands over to the ordinary execution.');

/** For an expression: `found ?? refuse()`. */
export function refuse(): never {
  throw handOver;
}
