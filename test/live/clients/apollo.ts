import { type ApolloClient, CombinedGraphQLErrors, gql } from '@apollo/client/core';

/** Reports each state of a conference until it is over. Apollo Client treats both ends alike, so the status decides. */
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

/** Whether subscribing again cannot help. An error without a path refuses the whole subscription. */
const ends = (error: Error): boolean =>
  CombinedGraphQLErrors.is(error) &&
  error.errors.some(
    ({ path, extensions }) =>
      extensions?.['retryable'] !== true && (!path || endingCodes.has(String(extensions?.['code']))),
  );

const endingCodes = new Set(['UNAUTHENTICATED', 'FORBIDDEN', 'NOT_FOUND', 'BAD_USER_INPUT']);
