import { readFileSync, writeFileSync } from 'node:fs';
import { print } from 'graphql';
import { conferenceContract } from '../domains/conference/contract.ts';
import { domains } from '../gateway/domains.ts';
import { errorCodes } from '../graphql/error-codes.ts';
import { clientSchema } from '../graphql/schema/client-schema.ts';
import { readTypeDefs } from '../graphql/schema/schema.ts';
import { events } from '../observe/events.ts';
import { type MetricRow, metricRows } from '../observe/metrics/metric-rows.ts';
import { settings } from '../settings/settings.ts';
import { worldTables } from '../simulator/tables.ts';
import { envelopeContract } from '../upstream/answer/envelope-contract.ts';
import { contractTypes, type RecordContract, type ValueShape } from '../upstream/contract.ts';
import { schemaFields } from './check-upstream/schema-fields.ts';
import { errorCodesModule } from './error-codes/module.ts';

// Writes the generated parts of the documentation, and the dashboard's copy of the schema; with --check it only reports what is
// out of date.

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

/** A file of the fixture that the page on endpoints is about, with the paths that it would have under src/ and schema/. */
function exampleFile(name: string) {
  const source = `test/fixtures/participants/${name}`;
  const code = readFileSync(new URL(`../../${source}`, import.meta.url), 'utf8')
    .replaceAll('../../../src/', '../../')
    .replace("new URL('participants.graphql'", "new URL('../../../schema/participants.graphql'")
    .trim();
  const fence = name.endsWith('.ts') ? 'ts' : 'graphql';
  return { page: 'docs/adding-an-endpoint.md', source, text: `\`\`\`${fence}\n${code}\n\`\`\`` };
}

const parts = [
  { page: 'docs/settings.md', source: 'src/settings/settings.ts', text: settingsTable },
  { page: 'docs/errors.md', source: 'src/graphql/error-codes.ts', text: errorsTable },
  { page: 'docs/observability.md', source: 'src/observe/events.ts', text: eventsTable },
  { page: 'docs/observability.md', source: 'src/observe/metrics/metric-rows.ts', text: metricsTable },
  { page: 'docs/simulator.md', source: 'src/simulator/tables.ts', text: worldTables() },
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
  ...[
    'contract.ts',
    'record.ts',
    'endpoint.ts',
    'participants.graphql',
    'mappers.ts',
    'view.ts',
    'loader.ts',
    'resolvers.ts',
    'simulated.ts',
    'participants.ts',
  ].map(exampleFile),
];

const check = process.argv.includes('--check');
const fileOf = (path: string) => new URL(`../../${path}`, import.meta.url);

function update(path: string, source: string, before: string, after: string): void {
  if (after === before) return;
  if (check) {
    console.error(`${path} is out of step with ${source}: run npm run docs`);
    process.exitCode = 1;
  } else writeFileSync(fileOf(path), after);
}

for (const { page, source, text } of parts) {
  const before = readFileSync(fileOf(page), 'utf8');
  const [begin, end] = [`<!-- begin: made from ${source} -->`, `<!-- end: made from ${source} -->`];
  const [head, rest] = before.split(begin);
  const tail = rest?.split(end)[1];
  if (head === undefined || tail === undefined)
    throw new Error(`${page} has no place that is made from ${source}`);
  update(page, source, before, `${head}${begin}\n\n${text}\n\n${end}${tail}`);
}

// As `npm run schema -- --client` prints it: the dashboard is an example of a client's code generator.
const copy = 'examples/dashboard/schema.graphql';
update(
  copy,
  'schema/',
  readFileSync(fileOf(copy), 'utf8'),
  `${print(clientSchema(readTypeDefs(domains)))}\n`,
);
