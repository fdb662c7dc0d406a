import type { Scenario } from './scenario.ts';
import { deadUpstream } from './scenarios/dead-upstream.ts';
import { eventLoop } from './scenarios/event-loop.ts';
import { failing } from './scenarios/failing.ts';
import { fairness } from './scenarios/fairness.ts';
import { greed } from './scenarios/greed.ts';
import { live } from './scenarios/live.ts';
import { overload } from './scenarios/overload.ts';
import { soak } from './scenarios/soak.ts';
import { isKept, tableOf } from './table.ts';

/** By the name they are asked for. Without a name, all but the million run. */
const scenarios: Readonly<Record<string, Scenario>> = {
  overload,
  greed,
  fairness,
  failing,
  'dead-upstream': deadUpstream,
  'event-loop': eventLoop,
  live,
  soak: soak(2),
  million: soak(112),
};

const asked = process.argv.slice(2);
const names = asked.length > 0 ? asked : Object.keys(scenarios).filter((name) => name !== 'million');
const unknown = names.filter((name) => !Object.hasOwn(scenarios, name));
if (unknown.length > 0) {
  console.error(`${unknown.join(', ')}: not one of ${Object.keys(scenarios).join(', ')}`);
  process.exit(2);
}

for (const name of names) {
  const scenario = scenarios[name];
  if (scenario === undefined) continue;
  const ours = await scenario.measure('ours');
  const plain = await scenario.measure('plain');
  console.log(tableOf(scenario.title, ours, plain));
  if (!ours.every(isKept)) process.exitCode = 1;
}
