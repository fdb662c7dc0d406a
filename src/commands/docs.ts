import { readFileSync, writeFileSync } from 'node:fs';
import { errorCodes } from '../graphql/error-codes.ts';
import { events } from '../observe/events.ts';
import { type MetricRow, metricRows } from '../observe/metrics/metric-rows.ts';
import { settings } from '../settings/settings.ts';
import { worldTables } from '../simulator/tables.ts';

// Writes the parts of the documentation that are made from tables in the code; with --check it only says which are out of step.

const rows = (head: readonly string[], body: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const settingsTable = rows(
  ['name', 'default', 'meaning', 'takes'],
  Object.values(settings).map(({ name, default: initial, meaning, kind }) => {
    const shown =
      typeof initial === 'string'
        ? initial && `\`${initial}\``
        : `\`${initial.otherwise}\`, in production \`${initial.production}\``;
    return [`\`${name}\``, shown, meaning, kind.takes];
  }),
);

const errorsTable = rows(
  ['code', 'when', 'what to do', 'retryable'],
  Object.entries(errorCodes).map(([code, { when, action, retryable }]) => [
    `\`${code}\``,
    when,
    action,
    retryable ? 'yes' : 'no',
  ]),
);

const eventsTable = rows(
  ['event', 'level', 'message', 'fields'],
  Object.entries(events).map(([name, { level, message, fields }]) => [
    `\`${name}\``,
    level,
    message,
    Object.entries(fields)
      .map(([field, kind]) => `\`${field}${kind.endsWith('?') ? '?' : ''}\``)
      .join(' '),
  ]),
);

const metricsTable = rows(
  ['metric', 'type', 'labels', 'what'],
  Object.entries<MetricRow>(metricRows).map(([name, { type, labels = [], help }]) => [
    `\`${name}\``,
    type,
    labels.map((label) => `\`${label}\``).join(' '),
    help,
  ]),
);

const parts = [
  { page: 'README.md', source: 'src/settings/settings.ts', text: settingsTable },
  { page: 'docs/errors.md', source: 'src/graphql/error-codes.ts', text: errorsTable },
  { page: 'docs/observability.md', source: 'src/observe/events.ts', text: eventsTable },
  { page: 'docs/observability.md', source: 'src/observe/metrics/metric-rows.ts', text: metricsTable },
  { page: 'docs/simulator.md', source: 'src/simulator/world.ts', text: worldTables() },
];

const check = process.argv.includes('--check');
for (const { page, source, text } of parts) {
  const file = new URL(`../../${page}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const [begin, end] = [`<!-- begin: made from ${source} -->`, `<!-- end: made from ${source} -->`];
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`${page} has no place that is made from ${source}`);
  const after = `${head}${begin}\n\n${text}\n\n${end}${tail}`;
  if (after === before) continue;
  if (check) {
    console.error(`${page} is out of step with ${source}: run npm run docs`);
    process.exitCode = 1;
  } else writeFileSync(file, after);
}
