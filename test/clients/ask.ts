/** Sends a query with fetch only. Throws if the network fails or the answer is not GraphQL. */
export async function ask<Data>(
  url: string,
  { query, variables, token }: { query: string; variables?: object; token: string },
): Promise<Answer<Data>> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', token },
    body: JSON.stringify({ query, variables }),
    signal: AbortSignal.timeout(15_000),
  });
  // A proxy in front can answer by itself: not with JSON, or not in this shape.
  const answer: unknown = await response.json();
  if (!isAnswer<Data>(answer)) throw new Error(`HTTP ${response.status} without an answer`);
  return answer;
}

export interface Answer<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: {
      readonly code: string;
      readonly retryable?: true;
      readonly retryAfterSeconds?: number;
    };
  }[];
}

const isAnswer = <Data>(value: unknown): value is Answer<Data> =>
  typeof value === 'object' && value !== null && ('data' in value || 'errors' in value);
