import { deepStrictEqual, equal, ok } from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import type { LoadBalancer } from '../test/support/load-balancer.ts';
import { restartUnderLoad } from '../test/support/rolling-restart.ts';

// Restarts two replicas behind HAProxy, each twice, under load, and fails where a request does.

/** HAProxy by its defaults, but for the addresses, the time limits that it wants to have, and the check of readiness. */
const configuration = (port: number, readyPort: number, origins: readonly string[]) => `
defaults
  mode http
  timeout connect 5s
  timeout client 30s
  timeout server 30s
  timeout check 2s
frontend gateway
  bind 127.0.0.1:${port}
  default_backend replicas
backend replicas
  balance roundrobin
  option httpchk GET /readyz
  default-server check inter 100ms fall 1 rise 1
${origins.map((origin, at) => `  server replica${at} ${new URL(origin).host}`).join('\n')}
frontend all-ready
  bind 127.0.0.1:${readyPort}
  http-request return status 200 if { nbsrv(replicas) eq ${origins.length} }
  http-request return status 503
`;

async function startHaproxy(origins: readonly string[]): Promise<LoadBalancer> {
  const [port, readyPort] = [await freePort(), await freePort()];
  const folder = mkdtempSync(join(tmpdir(), 'haproxy-'));
  writeFileSync(join(folder, 'haproxy.cfg'), configuration(port, readyPort, origins));
  const haproxy = spawn('haproxy', ['-db', '-f', join(folder, 'haproxy.cfg')], { stdio: 'ignore' });
  const exited = once(haproxy, 'exit');
  return {
    url: `http://127.0.0.1:${port}`,
    async untilReady() {
      for (let tries = 0; tries < 600; tries += 1) {
        const response = await fetch(`http://127.0.0.1:${readyPort}`).catch(() => undefined);
        if (response?.ok) return;
        await sleep(50);
      }
      throw new Error('HAProxy does not see both replicas');
    },
    async [Symbol.asyncDispose]() {
      haproxy.kill('SIGTERM');
      await exited;
      rmSync(folder, { recursive: true });
    },
  };
}

const { answered, failures, codes, cut } = await restartUnderLoad(startHaproxy, 10_000);
equal(failures.length, 0, `${failures.length} of ${answered} requests failed, the first: ${failures[0]}`);
ok(answered >= 10_000);
deepStrictEqual({ codes, cut }, { codes: [0, 0, 0, 0], cut: false });
console.log(`haproxy: ${answered} requests over four restarts, none failed`);
