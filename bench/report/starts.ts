import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median } from '../percentile.ts';
import { openConnection } from './connection.ts';
import { costOf } from './process-cost.ts';
import { scenes } from './scenes.ts';
import { type CheapUpstream, type ServerKind, serverKinds, startServer } from './servers.ts';

const fileOf = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
/** After this long, what was only needed for the start is collected. */
const idleMs = 2000;

const kinds: readonly ServerKind[] = [
  { title: 'bare node:http', file: fileOf('./peers/node-http.ts') },
  { ...serverKinds.ours, title: 'this gateway, from the sources', file: fileOf('../../src/main.ts') },
  { ...serverKinds.ours, title: 'this gateway, the bundle' },
];

/** How soon a server answers its first query after it was spawned, and what memory it holds two seconds later. */
export async function measureStarts(upstream: CheapUpstream, rounds: number): Promise<string> {
  const samples = kinds.map((): { firstMs: number; residentBytes: number }[] => []);
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, kind] of kinds.entries()) samples[at]?.push(await startOnce(kind, upstream));
  }
  const floor = median(samples[0]?.map(({ firstMs }) => firstMs) ?? []);
  return [
    '### From the start to the first answer, and the memory of a server that idles',
    '',
    '| | first answer | × bare node:http | resident |',
    '| --- | ---: | ---: | ---: |',
    ...kinds.map(({ title }, at) => {
      const times = samples[at]?.map(({ firstMs }) => firstMs) ?? [];
      const resident = median(samples[at]?.map(({ residentBytes }) => residentBytes) ?? []);
      const range = `${Math.min(...times).toFixed(0)}–${Math.max(...times).toFixed(0)}`;
      const first = `${median(times).toFixed(0)} ms (${range})`;
      return `| ${title} | ${first} | ${(median(times) / floor).toFixed(1)} | ${(resident / 1e6).toFixed(0)} MB |`;
    }),
  ].join('\n');
}

async function startOnce(kind: ServerKind, upstream: CheapUpstream) {
  const server = await startServer(kind, upstream.url);
  try {
    const connectedAt = performance.now();
    const connection = await openConnection(server.port);
    await connection.ask(scenes.query.requestOf('ours')(0));
    const firstMs = server.startMs + performance.now() - connectedAt;
    connection.end();
    await sleep(idleMs);
    return { firstMs, residentBytes: costOf(server.pid).residentBytes };
  } finally {
    await server.stop();
  }
}
