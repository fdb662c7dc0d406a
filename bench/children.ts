import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import type { Finding, Question } from './probe.ts';
import type { Behaviour, Order, Report } from './upstream.ts';

export interface Upstream {
  readonly url: string;
  behave(behaviour: Behaviour): Promise<void>;
  /** When the calls since the last report came in, in milliseconds since 1970. */
  report(): Promise<Report>;
  stop(): Promise<void>;
}

export interface Gateway {
  /** Of its GraphQL endpoint. */
  readonly url: string;
  ask(question: Question): Promise<Finding>;
  stop(): Promise<void>;
}

export type GatewayName = 'ours' | 'plain';

const sources: Record<GatewayName, string> = { ours: '../src/main.ts', plain: './plain-gateway.ts' };
const fileOf = (relative: string) => new URL(relative, import.meta.url);

/** Starts the upstream in a process of its own. */
export async function startUpstream(behaviour: Behaviour): Promise<Upstream> {
  const child = fork(fileOf('./upstream.ts'));
  const { port } = await answerOf<AddressInfo>(child);
  const order = <T>(message: Order) => {
    child.send(message);
    return answerOf<T>(child);
  };
  const behave = (next: Behaviour) => order<void>({ order: 'behave', behaviour: next });
  await behave(behaviour);
  return {
    url: `http://127.0.0.1:${port}`,
    behave,
    report: () => order<Report>({ order: 'report' }),
    stop: () => stop(child),
  };
}

/** Starts one of the two gateways in a process of its own, as in production, and waits until it answers. */
export async function startGateway(
  name: GatewayName,
  upstream: Upstream,
  settings: Readonly<Record<string, string>>,
): Promise<Gateway> {
  const port = await freePort();
  const child = fork(fileOf(sources[name]), {
    // Without the first flag the engine drops the code of the start, a fifth of the heap, at some moment of its choice.
    execArgv: ['--no-flush-bytecode', '--expose-gc', `--import=${fileOf('./probe.ts').href}`],
    env: {
      ...settings,
      NODE_ENV: 'production',
      HOST: '127.0.0.1',
      PORT: String(port),
      UPSTREAM_URL: upstream.url,
    },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const url = `http://127.0.0.1:${port}/graphql`;
  await untilItAnswers(url, child);
  return {
    url,
    ask: (question) => {
      child.send(question);
      return answerOf<Finding>(child);
    },
    stop: () => stop(child),
  };
}

/** The child's next message. It sends none unasked but the first. */
async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, 'message', { signal: AbortSignal.timeout(30_000) });
  return message;
}

async function untilItAnswers(url: string, child: ChildProcess): Promise<void> {
  const body = JSON.stringify({ query: '{ __typename }' });
  const headers = { 'content-type': 'application/json' };
  for (let tries = 0; tries < 200; tries += 1) {
    if (child.exitCode !== null) break;
    await sleep(50);
    const status = await request(url, { method: 'POST', headers, body }).then(
      async (response) => {
        await response.body.dump();
        return response.statusCode;
      },
      () => 0,
    );
    if (status === 200) return;
  }
  child.kill('SIGKILL');
  throw new Error(`The gateway does not answer (exit code ${child.exitCode}): start it by hand to see why.`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string')
    throw new Error('A TCP server has an address and a port');
  return address.port;
}
