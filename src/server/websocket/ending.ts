import type { GraphQLFormattedError } from 'graphql';

/** The errors that an operation is refused with, as the protocol's `error` message carries them. */
export class OperationRefused extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('refused');
    this.errors = errors;
  }
}

/** The end of an operation. */
export interface Ending {
  /** It is over: the client is told `complete`. */
  complete(): void;
  /** It is refused: the client is told `error`. */
  refuse(errors: readonly GraphQLFormattedError[]): void;
  /**
   * What the protocol's server iterates over. It yields nothing: results are written by us, so that equal viewers share their text. An
   * async generator would not hear of `return` while it waits.
   */
  readonly results: AsyncGenerator<never, undefined>;
}

/** @param onLeave is called when the client has left the operation, or its socket has closed. */
export function createEnding(onLeave: () => void): Ending {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorReturnResult<undefined>>();
  // The server does not ask for it where the client has left before.
  promise.catch(() => undefined);
  const over = { done: true, value: undefined } as const;
  let isOpen = true;
  const end = (settle: () => void) => {
    if (!isOpen) return;
    isOpen = false;
    settle();
  };
  const leave = () =>
    end(() => {
      onLeave();
      resolve(over);
    });
  return {
    complete: () => end(() => resolve(over)),
    refuse: (errors) => end(() => reject(new OperationRefused(errors))),
    results: {
      next: () => promise,
      async return() {
        leave();
        return over;
      },
      async throw() {
        leave();
        return over;
      },
      [Symbol.asyncIterator]() {
        return this;
      },
      async [Symbol.asyncDispose]() {
        leave();
      },
    },
  };
}
