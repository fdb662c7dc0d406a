import { vi } from 'vitest';

/** One event of a stream. */
export interface StreamEvent {
  readonly type: string;
  /** Undefined if it has none. */
  readonly data:
    | { readonly data?: unknown; readonly errors?: readonly { readonly extensions: object }[] }
    | undefined;
}

/** A viewer of a subscription, by plain fetch. */
export interface Viewer extends AsyncDisposable {
  readonly response: Response;
  readonly events: readonly StreamEvent[];
  /** The data of all `next` events so far. */
  readonly data: readonly unknown[];
  readonly comments: number;
  /** Whether the body has ended, completely or not. */
  readonly hasEnded: boolean;
  /** Waits until there are this many events. */
  waitFor(events: number): Promise<void>;
  /** Waits for the end of the body. */
  end(): Promise<void>;
  leave(): void;
}

export interface ViewerOptions {
  readonly variables?: unknown;
  readonly operationName?: string;
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Opens a subscription as an event stream and reads it. */
export async function watch(url: URL, query: string, options: ViewerOptions = {}): Promise<Viewer> {
  const { variables, operationName, token = 'test-token', headers = {} } = options;
  const leaving = new AbortController();
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      accept: 'text/event-stream',
      'content-type': 'application/json',
      ...(token !== null && { token }),
      ...headers,
    },
    body: JSON.stringify({ query, variables, operationName }),
    signal: leaving.signal,
  });
  const events: StreamEvent[] = [];
  let comments = 0;
  let hasEnded = false;
  const reading = (async () => {
    let rest = '';
    try {
      for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
        const blocks = (rest + chunk).split('\n\n');
        rest = blocks.pop() ?? '';
        for (const block of blocks) {
          if (block.startsWith(':')) comments += 1;
          else events.push(parseEvent(block));
        }
      }
      if (rest !== '') throw new Error(`cut in the midst of an event: ${rest}`);
    } finally {
      hasEnded = true;
    }
  })();
  reading.catch(() => undefined);
  return {
    response,
    events,
    get data() {
      return events.filter(({ type }) => type === 'next').map(({ data }) => data?.data);
    },
    get comments() {
      return comments;
    },
    get hasEnded() {
      return hasEnded;
    },
    async waitFor(count) {
      await vi.waitFor(
        () => {
          if (events.length < count) throw new Error(`${events.length} of ${count} events`);
        },
        { timeout: 5000, interval: 5 },
      );
    },
    end: () => reading,
    leave: () => leaving.abort(),
    async [Symbol.asyncDispose]() {
      leaving.abort();
      await reading.catch(() => undefined);
    },
  };
}

function parseEvent(block: string): StreamEvent {
  const fields = Object.fromEntries(
    block
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trim()]),
  );
  return {
    type: fields['event'] ?? 'message',
    data: fields['data'] ? JSON.parse(fields['data']) : undefined,
  };
}
