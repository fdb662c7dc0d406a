/** Asks by fetch alone. A network that fails, and an answer that is not GraphQL's, throw. */
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
  // What a proxy in front answers by itself is no JSON, or not of this shape.
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
