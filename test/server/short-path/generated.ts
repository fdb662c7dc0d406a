import { createHash } from 'node:crypto';
import fc from 'fast-check';

/** Documents that are on the gateway's list, by their hash. */
export const trustedDocuments: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'query Trusted($id: ID!) { conference(tempConferenceId: $id) { title startTime host { name } } }',
    'query TrustedOld { aging { old young } }',
  ].map((text) => [createHash('sha256').update(text).digest('hex'), text]),
);

/** Clients that are counted by name. */
export const listedClients = ['web', 'ios'] as const;

/** One request, which is sent to both gateways. */
export interface Generated {
  /** Undefined if the request names its document by hash only. */
  readonly query: string | undefined;
  readonly documentId: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
  readonly method: 'GET' | 'POST';
  readonly accept: string | undefined;
  readonly token: string | undefined;
  readonly client: string | undefined;
  readonly traceparent: string | undefined;
}

/** The test's upstream answers each of these IDs differently. */
const ids = ['good', 'other', 'bad-start', 'bad-counts', 'none', 'rejected', 'forbidden', 'half', 'empty'];

const goodId = fc.constantFrom('good', 'other', 'empty', 'none', ...ids);
const wrongId = fc.constantFrom<unknown>(
  '',
  ' ',
  7,
  2 ** 53,
  1.5,
  null,
  true,
  ['good'],
  { $ne: null },
  '\ud800',
);
const anyId = fc.oneof({ weight: 19, arbitrary: goodId }, { weight: 1, arbitrary: wrongId });

const directive = fc.oneof(
  { weight: 8, arbitrary: fc.constant('') },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      ' @include(if: $yes)',
      ' @skip(if: $yes)',
      ' @include(if: $no)',
      ' @skip(if: $no) @include(if: $yes)',
      ' @skip(if: true)',
      ' @include(if: true)',
    ),
  },
);

/** Fields and their aliases. An alias contains the field's name, so two fields never get the same key. */
const leaf = (names: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...names), fc.boolean(), directive)
    .map(([name, aliased, on]) => `${aliased ? `a_${name}: ` : ''}${name}${on}`);
const selectionOf = (part: fc.Arbitrary<string>) =>
  fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => `{ ${parts.join(' ')} }`);

const hostLeaf = leaf(['__typename', 'name', 'email', 'ip']);
const entityOf = (name: string) => leaf(['id', '__typename']).map((inner) => `${name} { ${inner} }`);
const host = selectionOf(fc.oneof(hostLeaf, entityOf('user'), entityOf('organization')));
const counters = selectionOf(leaf(['attendees', 'voipConnections', 'mcuAttendees', '__typename']));
const plain = leaf([
  '__typename',
  'tempConferenceId',
  'eventId',
  'title',
  'status',
  'statusCode',
  'startTime',
  'stopTime',
  'durationSeconds',
  'isSecure',
  'observedAt',
]);
const part: fc.Arbitrary<string> = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: host.map((inner) => `host ${inner}`) },
  { weight: 2, arbitrary: counters.map((inner) => `counters ${inner}`) },
  {
    weight: 1,
    arbitrary: fc.tuple(fc.constantFrom('...Card', '...Twice'), directive).map((both) => both.join('')),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('', ' on Conference'), directive, selectionOf(plain))
      .map(([on, include, inner]) => `...${on}${include} ${inner}`),
  },
);
const conference = selectionOf(part);
const people = '{ __typename participants { name user { id } connections { id joinedAt } } }';

const root: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: conference.map((inner) => `conference(tempConferenceId: $id) ${inner}`) },
  {
    weight: 1,
    arbitrary: conference.map((inner) => `literal: conference(tempConferenceId: "good") ${inner}`),
  },
  { weight: 2, arbitrary: conference.map((inner) => `conferences(tempConferenceIds: $ids) ${inner}`) },
  {
    weight: 1,
    arbitrary: conference.map((inner) => `mixed: conferences(tempConferenceIds: ["good", $id]) ${inner}`),
  },
  {
    weight: 2,
    arbitrary: conference.map(
      (inner) =>
        `_entities(representations: $r) { __typename ... on Conference ${inner} ... on ConferenceParticipants ${people} }`,
    ),
  },
  { weight: 1, arbitrary: fc.constant(`participants(tempConferenceId: $id) ${people}`) },
  { weight: 1, arbitrary: fc.constantFrom('__typename', 'kind: __typename') },
  // With a field that the schema deprecates.
  { weight: 1, arbitrary: fc.constantFrom('aging { old young }', 'aging { young __typename }') },
);

const types: Readonly<Record<string, string>> = {
  id: 'ID!',
  ids: '[ID!]!',
  r: '[_Any!]!',
  yes: 'Boolean!',
  no: 'Boolean! = false',
};
const fragments: Readonly<Record<string, string>> = {
  Card: 'fragment Card on Conference { title status host { name } }',
  Twice: 'fragment Twice on Conference { ...Card startTime counters { attendees } }',
};

function documentOf(roots: readonly string[], name: string, second: boolean): string {
  const body = `{ ${roots.join(' ')} }`;
  const used = Object.keys(fragments).filter((fragment) => body.includes(`...${fragment}`));
  if (used.includes('Twice') && !used.includes('Card')) used.push('Card');
  const variables = Object.keys(types).filter((variable) => new RegExp(`\\$${variable}\\b`).test(body));
  const declared = variables.map((variable) => `$${variable}: ${types[variable]}`).join(', ');
  return [
    `query ${name}${declared && `(${declared})`} ${body}`,
    ...(second ? ['query Other { __typename }'] : []),
    ...used.map((fragment) => fragments[fragment] ?? ''),
  ].join('\n');
}

const representation = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      __typename: fc.constantFrom('Conference', 'ConferenceParticipants'),
      tempConferenceId: anyId,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<unknown>({ __typename: 'User', id: '1' }, { __typename: 'Nobody' }, 7, 'x'),
  },
);
const flag = fc.oneof(
  { weight: 9, arbitrary: fc.boolean() },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('true', null, 1) },
);

const variables = fc
  .record({
    id: anyId,
    ids: fc.oneof(
      { weight: 9, arbitrary: fc.array(anyId, { maxLength: 4 }) },
      { weight: 1, arbitrary: fc.constantFrom<unknown>('good', null, [['good']]) },
    ),
    r: fc.oneof(
      { weight: 9, arbitrary: fc.array(representation, { maxLength: 4 }) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<unknown>({ __typename: 'Conference', tempConferenceId: 'good' }, null),
      },
    ),
    yes: flag,
    no: flag,
  })
  .chain((all) =>
    fc.oneof(
      { weight: 8, arbitrary: fc.constant(all) },
      { weight: 1, arbitrary: fc.subarray(Object.keys(all)).map((kept) => pick(all, kept)) },
    ),
  );

const pick = (all: Readonly<Record<string, unknown>>, names: readonly string[]) =>
  Object.fromEntries(names.map((name) => [name, all[name]]));

const keyOf = (field: string) => /^\w+/.exec(field)?.[0] ?? '';

/** Requests of all kinds, most of them valid. */
export const generatedRequest: fc.Arbitrary<Generated> = fc
  .record({
    roots: fc.oneof(
      { weight: 4, arbitrary: root.map((one) => [one]) },
      { weight: 1, arbitrary: fc.uniqueArray(root, { minLength: 2, maxLength: 3, selector: keyOf }) },
    ),
    name: fc.constantFrom('', 'Card', 'A'.repeat(200)),
    second: fc.boolean(),
    asked: fc.constantFrom('right', 'right', 'right', 'right', 'right', 'right', 'none', 'wrong'),
    variables,
    method: fc.constantFrom('POST', 'POST', 'GET'),
    accept: fc.constantFrom(
      undefined,
      'application/json',
      'application/graphql-response+json',
      'application/json;q=0.1, application/graphql-response+json',
      '*/*',
      'text/event-stream',
      'text/plain',
    ),
    token: fc.constantFrom('a', 'a', 'a', 'a', 'a', 'a', undefined),
    client: fc.constantFrom(undefined, 'unlisted', ...listedClients),
    traceparent: fc.constantFrom(undefined, `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, '00-wrong'),
    documentId: fc.oneof(
      { weight: 5, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom(...Object.keys(trustedDocuments)) },
    ),
  })
  .map(({ roots, name, second, asked, documentId, ...rest }): Generated => {
    if (documentId !== undefined)
      return Object.assign(rest, {
        query: undefined,
        documentId: `sha256:${documentId}`,
        operationName: undefined,
      });
    const query = documentOf(roots, name, second && name !== '');
    const operationName = asked === 'right' ? name : asked === 'wrong' ? 'constructor' : '';
    return Object.assign(rest, { query, documentId, operationName: operationName || undefined });
  });
