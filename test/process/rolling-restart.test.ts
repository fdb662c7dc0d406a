import { Pool } from 'undici';
import { describe, expect, it } from 'vitest';
import { startLoadBalancer } from '../support/load-balancer.ts';
import { record, startTestUpstream } from '../support/upstream.ts';
import { startWatchedProcess } from '../support/watched-process.ts';

const clients = 16;
const enough = 10_000;

describe('two replicas behind a load balancer, each restarted twice under load', () => {
  it(
    `answer each of at least ${enough} requests, and end with exit code 0`,
    { timeout: 180_000 },
    async () => {
      await using upstream = await startTestUpstream((received, response) => {
        // Long enough that each restart meets some under way.
        setTimeout(() => record({ title: 'served' })(received, response), 5);
      });
      const start = (port = '0') =>
        startWatchedProcess({
          UPSTREAM_URL: upstream.url,
          PORT: port,
          // Ten times what the load balancer needs to notice.
          DRAIN_DELAY_MS: '500',
          DRAIN_TIMEOUT_MS: '20000',
        });
      const replicas = [await start(), await start()];
      const origins = replicas.map(({ url }) => url.origin);
      await using balancer = await startLoadBalancer(origins);
      await balancer.untilReady(2);

      const pool = new Pool(balancer.url, { connections: clients });
      const failures: string[] = [];
      let answered = 0;
      const restarted = new AbortController();
      const load = async () => {
        while (!restarted.signal.aborted || answered < enough) {
          const { statusCode, body } = await pool.request({
            path: '/graphql',
            method: 'POST',
            body: `{"query":"{ conference(tempConferenceId: \\"${answered++}\\") { title } }"}`,
          });
          const text = await body.text();
          if (statusCode !== 200 || text !== '{"data":{"conference":{"title":"served"}}}')
            failures.push(`${statusCode} ${text}`);
        }
      };
      const loads = Promise.all(Array.from({ length: clients }, load));

      const codes: (number | null)[] = [];
      for (const at of [0, 1, 0, 1]) {
        const replica = replicas[at];
        if (!replica) throw new Error('no such replica');
        replica.kill('SIGTERM');
        codes.push(await replica.ended);
        expect(replica.output.stdout).not.toContain('"event":"cut"');
        replicas[at] = await start(replica.url.port);
        await balancer.untilReady(2);
      }
      restarted.abort();
      await loads;
      await pool.close();
      for (const replica of replicas) await replica[Symbol.asyncDispose]();

      expect(failures).toEqual([]);
      expect(codes).toEqual([0, 0, 0, 0]);
      expect(answered).toBeGreaterThanOrEqual(enough);
    },
  );
});
