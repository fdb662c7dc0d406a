import { cpus, loadavg } from 'node:os';
import { resolve } from 'node:path';
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { measureAllocations } from './allocations.ts';
import { type Measured, measureScene } from './measure.ts';
import { pictureOf } from './picture.ts';
import { type SceneName, scenes } from './scenes.ts';
import { pinLoad, serverKinds, startUpstream } from './servers.ts';
import { measureStarts } from './starts.ts';
import { tableOfScene } from './table.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '7' },
    seconds: { type: 'string', default: '2' },
    'warm-up': { type: 'string', default: '6' },
    servers: { type: 'string' },
    beside: { type: 'string' },
    write: { type: 'boolean', default: false },
  },
});
const known = [...Object.keys(scenes), 'start', 'allocated'];
const names = positionals.length > 0 ? positionals : known;
const unknown = names.filter((name) => !known.includes(name));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not one of ${known.join(', ')}`);
  process.exit(2);
}
const isScene = (name: string): name is SceneName => Object.hasOwn(scenes, name);

const plan = {
  rounds: Number(values.rounds),
  roundMs: Number(values.seconds) * 1000,
  warmUpMs: Number(values['warm-up']) * 1000,
};
const pinned = await pinLoad();
const upstream = await startUpstream();
const report: string[] = [
  `Node ${process.version}, ${cpus().length} cores of ${cpus()[0]?.model ?? 'an unknown kind'}${pinned ? '' : ', not pinned'}; ` +
    `${plan.rounds} rounds of ${values.seconds} s a server, interleaved. ` +
    `Load average of the machine before it began: ${loadavg()[0]?.toFixed(1)} (near 0 on a quiet one).`,
];
if (names.includes('start')) {
  report.push(await measureStarts(upstream, plan.rounds));
  console.log(report.at(-1));
}
if (names.includes('allocated')) {
  report.push(await measureAllocations(upstream, plan.warmUpMs));
  console.log(report.at(-1));
}
const pictures: { readonly title: string; readonly measured: readonly Measured[] }[] = [];
for (const name of names.filter(isScene)) {
  const scene = scenes[name];
  const asked = values.servers?.split(',');
  const servers = scene.servers
    .filter((server) => asked === undefined || asked.includes(server))
    .map((server) => ({ name: server, kind: serverKinds[server] }));
  const beside = values.beside === undefined ? [] : [otherCheckout(values.beside)];
  const measured = await measureScene(scene, [...servers, ...beside], upstream, plan);
  report.push(tableOfScene(scene.title, measured));
  pictures.push({ title: scene.title, measured });
  console.log(report.at(-1));
  // After each scene: what is measured is kept, also where a later one fails or is stopped.
  if (values.write && positionals.length === 0 && values.beside === undefined) {
    await writeFile(new URL('./report.md', import.meta.url), `${report.join('\n\n')}\n`);
    await writeFile(new URL('./report.svg', import.meta.url), pictureOf(pictures));
  }
}
await upstream.stop();
process.exit();

/** Another checkout of this repository, for a comparison of before and after. Its bundle must have been built there; it gets this one's V8 flags. */
function otherCheckout(folder: string) {
  const file = resolve(folder, 'dist/main.js');
  return { name: 'beside' as const, kind: { ...serverKinds.ours, title: 'the other checkout', file } };
}
