import { readConfig } from '../../src/settings/config.ts';
import { type GatewayParts, startGateway } from '../../src/gateway/gateway.ts';
import type { GatewayEvent } from '../../src/observe/events.ts';

/** A gateway on a free port, and its events so far. */
export interface TestGateway extends AsyncDisposable {
  readonly url: URL;
  readonly events: readonly GatewayEvent[];
  /** Asks by POST. */
  ask(query: string, options?: AskOptions): Promise<Reply>;
  close(): Promise<void>;
}

export interface AskOptions {
  readonly variables?: unknown;
  readonly operationName?: string;
  /** `null` sends none. */
  readonly token?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // Unknown: tests compare it with the expected data.
  readonly data: unknown;
  readonly errors: readonly ReplyError[];
}

export interface ReplyError {
  readonly message: string;
  readonly path?: readonly (string | number)[];
  readonly extensions: Readonly<Record<string, unknown>>;
}

/** Starts a real gateway in this process with these environment variables. Without `UPSTREAM_URL`, the simulator is its upstream. */
export async function startTestGateway(
  env: Readonly<Record<string, string>> = {},
  parts: Omit<GatewayParts, 'emit'> = {},
): Promise<TestGateway> {
  const reading = readConfig({ PORT: '0', DRAIN_DELAY_MS: '0', DRAIN_TIMEOUT_MS: '100', ...env });
  if ('mistakes' in reading) throw new Error(reading.mistakes.join('\n'));
  const events: GatewayEvent[] = [];
  const gateway = await withOtelEnvironment(env, () =>
    startGateway(reading.config, { ...parts, emit: (event) => void events.push(event) }),
  );
  const endpoint = new URL('/graphql', gateway.url);

  return {
    url: endpoint,
    events,
    async ask(query, { variables, operationName, token = 'test-token', headers = {} } = {}) {
      const response = await fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(token !== null && { token }), ...headers },
        body: JSON.stringify({ query, variables, operationName }),
      });
      const body: { data?: unknown; errors?: ReplyError[] } = await response.json();
      return {
        status: response.status,
        headers: response.headers,
        data: body.data,
        errors: body.errors ?? [],
      };
    },
    close: () => gateway.close(),
    [Symbol.asyncDispose]: () => gateway.close(),
  };
}

/** The codes of a reply's errors, in order. */
export const codesOf = ({ errors }: Reply): unknown[] => errors.map(({ extensions }) => extensions['code']);

// OpenTelemetry's packages read the process's environment once, when they are set up.
async function withOtelEnvironment<T>(
  env: Readonly<Record<string, string>>,
  start: () => Promise<T>,
): Promise<T> {
  const given = Object.entries(env).filter(([name]) => name.startsWith('OTEL_'));
  const before = given.map(([name]) => [name, process.env[name]] as const);
  Object.assign(process.env, Object.fromEntries(given));
  try {
    return await start();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}
