import { type Client, gql, type OperationResult } from '@urql/core';
import { onEnd, pipe, subscribe } from 'wonka';

/** Reports each state of a conference until it is over. urql treats every end as `complete`, so the status decides. */
export function watchByUrql(
  client: Client,
  { query, variables }: { query: string; variables: object },
  onResult: (result: OperationResult) => void,
): () => void {
  let isOver = false;
  let stop = () => {};
  const begin = () => {
    const subscription = pipe(
      client.subscription(gql(query), variables),
      onEnd(() => {
        if (isOver) return;
        const timer = setTimeout(begin, 500 + 2000 * Math.random());
        stop = () => clearTimeout(timer);
      }),
      subscribe((result) => {
        const errors = result.error?.graphQLErrors ?? [];
        isOver = result.data?.conference?.status === 'ENDED' || errors.some(isFinal);
        // Without data and without GraphQL errors the connection has failed: the next stream replaces it.
        if (result.data !== undefined || errors.length > 0) onResult(result);
      }),
    );
    stop = () => subscription.unsubscribe();
  };
  begin();
  return () => {
    isOver = true;
    stop();
  };
}

/** Whether subscribing again cannot help. An error without a path refuses the whole subscription. */
const isFinal = ({ path, extensions }: { path?: unknown; extensions: Record<string, unknown> }) =>
  extensions['retryable'] !== true && (!path || endingCodes.has(String(extensions['code'])));

const endingCodes = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']);
