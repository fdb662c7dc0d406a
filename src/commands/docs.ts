import { readFileSync, writeFileSync } from 'node:fs';
import { conferenceContract } from '../domains/conference/contract.ts';
import { errorCodes } from '../graphql/error-codes.ts';
import { events } from '../observe/events.ts';
import { type MetricRow, metricRows } from '../observe/metrics/metric-rows.ts';
import { settings } from '../settings/settings.ts';
import { worldTables } from '../simulator/tables.ts';
import { envelopeContract } from '../upstream/answer/envelope-contract.ts';
import { contractTypes, type RecordContract, type ValueShape } from '../upstream/contract.ts';
import { schemaFields } from './check-upstream/schema-fields.ts';
import { errorCodesModule } from './error-codes/module.ts';

// Writes the generated parts of the documentation; with --check it only reports those that are out of date.

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

const typeNames = { long: 'long', int: 'int', text: 'string', flag: 'boolean' };

/** The fields of the contract, and the fields of the schema that are made from them. */
const contractTable = (contract: RecordContract<ValueShape>, above: string) =>
  rows(
    ['name', 'type', 'meaning', 'served as'],
    Object.entries(contract).map(([name, field]) => {
      const { type, values = {}, nullable, optional, meaning } = field;
      const unit = type === 'seconds' || type === 'milliseconds' ? `, Unix ${type}` : '';
      const listed = Object.entries(values).map(([number, word]) => `${number} \`${word}\``);
      const served = schemaFields.filter(({ upstream }) => upstream === above + name);
      return [
        `\`${name}\``,
        typeNames[contractTypes[type]] + unit,
        [meaning, listed.join(', '), nullable && 'can be null', optional && 'can be absent']
          .filter(Boolean)
          .join('; '),
        served.map(({ path }) => `\`${path}\``).join(', '),
      ];
    }),
  );

/** The fields of a conference as clients select them, with the contract's names. */
const fieldsTable = rows(
  ['field', 'type', 'upstream', 'meaning'],
  schemaFields.map(({ path, type, upstream, meaning }) => [
    `\`${path}\``,
    `\`${type}\``,
    `\`${upstream.replace('result.', '')}\``,
    meaning,
  ]),
);

/** Source files of the test fixture, with the imports that they would have in src/. */
const sources = (folder: string, names: readonly string[]) =>
  names
    .map((name) => {
      const text = readFileSync(new URL(`../../${folder}/${name}`, import.meta.url), 'utf8');
      const fence = name.endsWith('.ts') ? 'ts' : 'graphql';
      return `\`${name}\`:\n\n\`\`\`${fence}\n${text.replaceAll('../../../src/', '../../').trim()}\n\`\`\``;
    })
    .join('\n\n');

const fixture = 'test/fixtures/participants';

const parts = [
  { page: 'docs/settings.md', source: 'src/settings/settings.ts', text: settingsTable },
  { page: 'docs/errors.md', source: 'src/graphql/error-codes.ts', text: errorsTable },
  { page: 'docs/observability.md', source: 'src/observe/events.ts', text: eventsTable },
  { page: 'docs/observability.md', source: 'src/observe/metrics/metric-rows.ts', text: metricsTable },
  { page: 'docs/simulator.md', source: 'src/simulator/world.ts', text: worldTables() },
  {
    page: 'docs/upstream.md',
    source: 'src/upstream/answer/envelope-contract.ts',
    text: contractTable(envelopeContract, ''),
  },
  {
    page: 'docs/upstream.md',
    source: 'src/domains/conference/contract.ts',
    text: contractTable(conferenceContract, 'result.'),
  },
  { page: 'docs/frontends.md', source: 'schema/conference.graphql', text: fieldsTable },
  ...['docs/frontends.md', 'docs/frontends.zh-CN.md'].map((page) => ({
    page,
    source: 'src/graphql/error-codes.ts',
    text: `\`\`\`ts\n${errorCodesModule}\`\`\``,
  })),
  {
    page: 'docs/adding-an-endpoint.md',
    source: fixture,
    text: sources(fixture, ['contract.ts', 'endpoint.ts', 'loader.ts', 'resolvers.ts', 'participants.ts']),
  },
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
