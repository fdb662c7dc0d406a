import { median, percentile } from '../percentile.ts';
import { type Load, openLoad } from './load.ts';
import { costOf } from './process-cost.ts';
import type { Scene } from './scenes.ts';
import { type CheapUpstream, type Server, type ServerKind, type ServerName, startServer } from './servers.ts';

/** One round of one server. */
export interface Sample {
  readonly cpuMicros: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Calls upstream a request. */
  readonly calls: number;
  readonly residentBytes: number;
}

export interface Measured {
  readonly title: string;
  readonly name: ServerName | 'beside';
  readonly samples: readonly Sample[];
  /** CPU of each round as a multiple of the proxy's in the same round. */
  readonly ratios: readonly number[];
}

export interface Plan {
  readonly rounds: number;
  readonly roundMs: number;
  readonly warmUpMs: number;
}

interface Running {
  readonly title: string;
  readonly name: Measured['name'];
  readonly server: Server;
  /** Connections are new for each round: most servers close those that idle for 5 s. */
  readonly openLoad: () => Promise<Load>;
  readonly samples: Sample[];
}

/** Runs the servers in turn, round after round: what disturbs the machine for seconds disturbs them all. */
export async function measureScene(
  scene: Scene,
  servers: readonly { readonly name: Measured['name']; readonly kind: ServerKind }[],
  upstream: CheapUpstream,
  { rounds, roundMs, warmUpMs }: Plan,
): Promise<readonly Measured[]> {
  const running: Running[] = [];
  try {
    for (const { name, kind } of servers) {
      const server = await startServer(kind, upstream.url);
      const like = name === 'beside' ? 'ours' : name;
      const isGood = (body: string) => scene.isGood(body, like);
      // A thousand connections to the proxy would be another scene: what it is compared with is the price of a request.
      const connections = name === 'proxy' ? Math.min(scene.connections, 64) : scene.connections;
      const counter = { asked: 0 };
      const one: Running = {
        title: kind.title,
        name,
        server,
        openLoad: () => openLoad(server.port, connections, scene.requestOf(like), isGood, counter),
        samples: [],
      };
      running.push(one);
      const load = await one.openLoad();
      await load.run(warmUpMs);
      load.end();
    }
    for (let round = 0; round < rounds; round += 1) {
      for (const one of running) one.samples.push(await sampleOf(one, upstream, roundMs));
    }
  } finally {
    for (const { server } of running) await server.stop();
  }
  const floor = running.find(({ name }) => name === 'proxy')?.samples ?? [];
  return running.map(({ title, name, samples }) => ({
    title,
    name,
    samples,
    ratios: samples.map(({ cpuMicros }, round) => cpuMicros / (floor[round]?.cpuMicros ?? NaN)),
  }));
}

async function sampleOf({ server, openLoad }: Running, upstream: CheapUpstream, roundMs: number): Promise<Sample> {
  const load = await openLoad();
  // A fifth of a round to wake what slept while the others ran.
  await load.run(roundMs / 5);
  await upstream.calls();
  const before = costOf(server.pid);
  const { requests, perSecond, latencies } = await load.run(roundMs);
  const after = costOf(server.pid);
  load.end();
  return {
    cpuMicros: (after.cpuMicros - before.cpuMicros) / requests,
    perSecond,
    p50Ms: median(latencies),
    p99Ms: percentile(latencies, 99),
    calls: (await upstream.calls()) / requests,
    residentBytes: after.residentBytes,
  };
}
