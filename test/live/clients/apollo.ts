import { type ApolloClient, gql } from '@apollo/client/core';

/** Tells of each state of a conference until it is over. Apollo Client takes both ends for the last. */
export function watchByApollo(
  client: ApolloClient,
  { query, variables }: { query: string; variables: object },
  onData: (data: unknown) => void,
): () => void {
  let isOver = false;
  let stop = () => {};
  const again = () => {
    if (isOver) return;
    const timer = setTimeout(begin, 500 + 2000 * Math.random());
    stop = () => clearTimeout(timer);
  };
  const begin = () => {
    const subscription = client
      .subscribe<{ conference: { status: string } | null }>({
        query: gql(query),
        variables,
        errorPolicy: 'all',
        fetchPolicy: 'no-cache',
      })
      .subscribe({
        next({ data, error }) {
          if (data) onData(data);
          isOver = data?.conference?.status === 'ENDED' || (error !== undefined && ends(error));
        },
        complete: again,
        error: again,
      });
    stop = () => subscription.unsubscribe();
  };
  begin();
  return () => {
    isOver = true;
    stop();
  };
}

/** Whether asking again cannot help. */
const ends = (error: Error): boolean =>
  'errors' in error &&
  Array.isArray(error.errors) &&
  error.errors.some(({ extensions }) => endingCodes.has(extensions?.code));

const endingCodes = new Set([
  'UNAUTHENTICATED',
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'TOO_MANY_UPSTREAM_CALLS',
  'ANSWER_TOO_LARGE',
]);
