import { fileURLToPath } from 'node:url';
import { openLoad } from './load.ts';
import { scenes } from './scenes.ts';
import { type CheapUpstream, type ServerName, serverKinds, startServer } from './servers.ts';

const sampling = fileURLToPath(new URL('../../test/support/heap-sampling.ts', import.meta.url));
const sampledMs = 3000;

/** What a server allocates for a request of the scene `query`, by V8's sampling. It hardly depends on what else the machine does. */
export async function measureAllocations(upstream: CheapUpstream, warmUpMs: number): Promise<string> {
  const rows: string[] = [];
  let floor = NaN;
  for (const name of scenes.query.servers) {
    const bytes = await bytesPerRequest(name, upstream, warmUpMs);
    if (name === 'proxy') floor = bytes;
    rows.push(
      `| ${serverKinds[name].title} | ${(bytes / 1000).toFixed(1)} kB | ${(bytes / floor).toFixed(2)} |`,
    );
  }
  return [
    '### What a request allocates: one conference by POST',
    '',
    '| | a request | × the proxy |',
    '| --- | ---: | ---: |',
    ...rows,
  ].join('\n');
}

async function bytesPerRequest(name: ServerName, upstream: CheapUpstream, warmUpMs: number): Promise<number> {
  const kind = serverKinds[name];
  const flags = ['--import', sampling, ...('flags' in kind ? kind.flags : [])];
  const server = await startServer({ ...kind, flags }, upstream.url);
  try {
    const { connections, requestOf, isGood } = scenes.query;
    const load = await openLoad(server.port, connections, requestOf(name), isGood, { asked: 0 });
    await load.run(warmUpMs);
    await server.ask('sample');
    const { requests } = await load.run(sampledMs);
    const { bytes } = await server.ask<{ readonly bytes: number }>('allocated');
    load.end();
    return bytes / requests;
  } finally {
    await server.stop();
  }
}
