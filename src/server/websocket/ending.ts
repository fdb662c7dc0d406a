import type { GraphQLFormattedError } from 'graphql';

/** Thrown to refuse an operation, with the errors for the protocol's `error` message. */
export class OperationRefused extends Error {
  readonly errors: readonly GraphQLFormattedError[];

  constructor(errors: readonly GraphQLFormattedError[]) {
    super('refused');
    this.errors = errors;
  }
}

/** Ends an operation once, in one of three ways: complete, refused, or left by its client. */
export interface Ending {
  /** Sends `complete` to the client. */
  complete(): void;
  /** Sends `error` to the client. */
  refuse(errors: readonly GraphQLFormattedError[]): void;
  /**
   * graphql-ws iterates over this until the operation ends. It yields nothing: we send the results ourselves, so that equal viewers share
   * their text. It is not an async generator, because that would not receive `return` while it waits.
   */
  readonly results: AsyncGenerator<never, undefined>;
}

/** @param onLeave is called if the client leaves the operation or its socket closes. */
export function createEnding(onLeave: () => void): Ending {
  const { promise, resolve, reject } = Promise.withResolvers<IteratorReturnResult<undefined>>();
  // graphql-ws does not await it if the client left before: without this, a refusal would be an unhandled rejection.
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
