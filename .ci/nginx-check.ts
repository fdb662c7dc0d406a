import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { constants, createGunzip } from 'node:zlib';
import { freePort } from './free-port.ts';
import { readConfig } from '../src/settings/config.ts';
import { startGateway } from '../src/gateway/gateway.ts';

// Watches the simulator's running conference through nginx, and fails where an event or a comment is late.

const heartbeatMs = 12_000;
const lateMs = 1000;

const reading = readConfig({ PORT: '0' });
if ('mistakes' in reading) throw new Error(reading.mistakes.join('\n'));
const gateway = await startGateway(reading.config, { emit: () => undefined });

/** Debian's own configuration, with our server in the place of its sites. */
async function startNginx(moreOfHttp: string) {
  const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
  const port = await freePort();
  const server = `${moreOfHttp}
    server { listen 127.0.0.1:${port}; location / { proxy_pass ${gateway.url.origin}; } }`;
  const config = readFileSync('/etc/nginx/nginx.conf', 'utf8')
    .replace(/^user .*$/m, 'daemon off;')
    .replace(/^pid .*$/m, `pid ${folder}/pid;`)
    .replace(/^error_log .*$/m, '')
    .replace(/^\s*access_log .*$/m, '  access_log off;')
    .replace(/^.*include \/etc\/nginx\/conf\.d.*$/m, server)
    .replace(/^.*include \/etc\/nginx\/sites-enabled.*$/m, '');
  if (!config.includes('gzip on;')) throw new Error('this nginx.conf has no gzip on');
  writeFileSync(join(folder, 'nginx.conf'), config);
  const nginx = spawn('nginx', ['-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')], {
    stdio: 'inherit',
  });
  for (let tries = 0; ; tries += 1) {
    const socket = connect(port, '127.0.0.1');
    const [opened] = await Promise.race([
      once(socket, 'connect').then(() => [true]),
      once(socket, 'error').then(() => [false]),
    ]).catch(() => [false]);
    socket.destroy();
    if (opened) break;
    if (tries > 100) throw new Error('nginx does not listen');
    await sleep(50);
  }
  return {
    port,
    async stop() {
      nginx.kill('SIGTERM');
      await once(nginx, 'exit');
      rmSync(folder, { recursive: true });
    },
  };
}

async function check(port: number, accept: string, heartbeat: string): Promise<string> {
  const began = performance.now();
  const asked = request({
    port,
    host: '127.0.0.1',
    path: '/graphql',
    method: 'POST',
    headers: { accept, 'accept-encoding': 'gzip', 'content-type': 'application/json', token: 'dev-token' },
  });
  // Nothing changes in it, so that only heartbeats follow.
  asked.end(
    JSON.stringify({
      query: 'subscription { conference(tempConferenceId: "56039682") { tempConferenceId } }',
    }),
  );
  const [response]: IncomingMessage[] = await once(asked, 'response');
  if (!response) throw new Error('no response');
  const zipped = response.headers['content-encoding'] === 'gzip';
  const body = zipped ? response.pipe(createGunzip({ flush: constants.Z_SYNC_FLUSH })) : response;
  let text = '';
  body.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const until = async (what: string, limitMs: number) => {
    while (!text.includes(what)) {
      if (performance.now() - began > limitMs)
        throw new Error(`${accept}: no ${JSON.stringify(what)} after ${limitMs} ms`);
      await sleep(5);
    }
    return Math.round(performance.now() - began);
  };
  const firstMs = await until('56039682', lateMs);
  text = '';
  const heartbeatAtMs = await until(heartbeat, firstMs + heartbeatMs + lateMs);
  asked.destroy();
  return `${accept}: ${zipped ? 'gzipped, ' : ''}first event after ${firstMs} ms, heartbeat after ${heartbeatAtMs} ms`;
}

for (const moreOfHttp of [
  '',
  'gzip_proxied any; gzip_min_length 0; gzip_types text/event-stream multipart/mixed;',
]) {
  const nginx = await startNginx(moreOfHttp);
  const lines = await Promise.all([
    check(nginx.port, 'text/event-stream', ':\n\n'),
    check(nginx.port, 'multipart/mixed;subscriptionSpec=1.0', '{}'),
  ]);
  for (const line of lines)
    console.log(`nginx ${moreOfHttp ? '(gzip of everything)' : '(as installed)'}: ${line}`);
  await nginx.stop();
}
await gateway.close();
