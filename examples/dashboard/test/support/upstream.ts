import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What the upstream does instead of answering as the simulator does. */
export type Fault = 'none' | 'down' | 'silent';

/** The simulator, with a way between it and the gateway that can fail. */
export interface FaultyUpstream extends AsyncDisposable {
  readonly url: string;
  fault: Fault;
  /** What records say instead, by ID; a number is an HTTP status to refuse with. */
  readonly instead: Map<string, Readonly<Record<string, unknown>> | number>;
}

export async function startFaultyUpstream(): Promise<FaultyUpstream> {
  const simulator = spawn(process.execPath, ['src/commands/simulator.ts'], {
    cwd: fileURLToPath(new URL('../../../..', import.meta.url)),
    env: { ...process.env, SIMULATOR_PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(createInterface({ input: simulator.stdout }), 'line');
  const origin = /http:\S+/.exec(line)?.[0];
  const upstream: Pick<FaultyUpstream, 'fault' | 'instead'> = { fault: 'none', instead: new Map() };

  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (upstream.fault === 'silent') return;
    if (upstream.fault === 'down') return void request.socket.destroy();
    const instead = upstream.instead.get(JSON.parse(body).tempConferenceId);
    if (typeof instead === 'number') return answer(response, instead, { status: instead, msg: 'refused' });
    const answered = await fetch(new URL(request.url ?? '/', origin), {
      method: 'POST',
      headers: { 'content-type': 'application/json', token: String(request.headers['token']) },
      body,
    });
    const envelope = await answered.json();
    if (instead) Object.assign(envelope.result, instead);
    answer(response, answered.status, envelope);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return Object.assign(upstream, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.close();
      server.closeAllConnections();
      simulator.kill();
      await once(simulator, 'exit');
    },
  });
}

const answer = (response: ServerResponse, status: number, body: unknown) =>
  void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
