import { Pool } from 'undici';
import type { LoadBalancer } from './load-balancer.ts';
import { record, startTestUpstream } from './upstream.ts';
import { startWatchedProcess } from './watched-process.ts';

const clients = 16;

/** The result of a rolling restart. */
export interface RollingRestart {
  readonly answered: number;
  /** Failed requests, and wrong answers. */
  readonly failures: readonly string[];
  /** Exit codes of the replicas. */
  readonly codes: readonly (number | null)[];
  /** Whether a replica destroyed connections with requests in progress. */
  readonly cut: boolean;
}

/** Restarts two replicas behind a load balancer in turn, each twice, under at least `requests` requests. */
export async function restartUnderLoad(
  startBalancer: (origins: readonly string[]) => Promise<LoadBalancer>,
  requests: number,
): Promise<RollingRestart> {
  await using upstream = await startTestUpstream((received, response) => {
    // So slow that there are requests in progress at each restart.
    setTimeout(() => record({ title: 'served' })(received, response), 5);
  });
  const start = (port = '0') =>
    startWatchedProcess({
      UPSTREAM_URL: upstream.url,
      PORT: port,
      // Several times as long as the load balancer takes to notice.
      DRAIN_DELAY_MS: '500',
      DRAIN_TIMEOUT_MS: '20000',
    });
  const replicas = [await start(), await start()];
  await using balancer = await startBalancer(replicas.map(({ url }) => url.origin));
  await balancer.untilReady(replicas.length);

  const pool = new Pool(balancer.url, { connections: clients });
  const restarted = new AbortController();
  const failures: string[] = [];
  let answered = 0;
  const load = async () => {
    while (!restarted.signal.aborted || answered < requests) {
      const { statusCode, body } = await pool.request({
        path: '/graphql',
        method: 'POST',
        headers: { 'content-type': 'application/json', token: 'token' },
        body: JSON.stringify({ query: `{ conference(tempConferenceId: "${answered++}") { title } }` }),
      });
      const text = await body.text();
      if (statusCode !== 200 || text !== '{"data":{"conference":{"title":"served"}}}')
        failures.push(`${statusCode} ${text}`);
    }
  };
  const loads = Promise.all(Array.from({ length: clients }, load));

  const codes: (number | null)[] = [];
  let cut = false;
  for (const at of [0, 1, 0, 1]) {
    const replica = replicas[at];
    if (!replica) throw new Error('no such replica');
    replica.kill('SIGTERM');
    codes.push(await replica.ended);
    cut ||= replica.output.stdout.includes('"event":"cut"');
    replicas[at] = await start(replica.url.port);
    await balancer.untilReady(replicas.length);
  }
  restarted.abort();
  await loads;
  await pool.close();
  for (const replica of replicas) await replica[Symbol.asyncDispose]();
  return { answered, failures, codes, cut };
}
