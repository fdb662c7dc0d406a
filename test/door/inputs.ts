import { type Attack, operation, post, request, times } from './attack.ts';

const list = 'query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { title } }';
const entities = 'query ($r: [_Any!]!) { _entities(representations: $r) { __typename } }';
const count = (length: number, value: (at: number) => unknown) =>
  Array.from({ length }, (_, at) => value(at));
const deep = (levels: number) => JSON.parse(`${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`);

/** Attacks by lists and values, in valid documents. */
export const inputs: readonly Attack[] = [
  { what: '10,000 IDs', query: list, variables: { ids: count(10_000, String) } },
  {
    what: 'one ID 10,000 times',
    query: list,
    code: 'ANSWER_TOO_LARGE',
    variables: { ids: count(10_000, () => '1') },
  },
  {
    what: '20,000 empty IDs',
    query: list,
    code: 'ANSWER_TOO_LARGE',
    variables: { ids: count(20_000, () => '') },
  },
  {
    what: '2,000 representations',
    query: entities,
    variables: { r: count(2000, (at) => ({ __typename: 'Conference', tempConferenceId: String(at) })) },
  },
  {
    what: 'one representation 2,000 times',
    query: entities,
    variables: { r: count(2000, () => ({ __typename: 'Conference', tempConferenceId: '1' })) },
    code: 'ANSWER_TOO_LARGE',
  },
  {
    what: '100 conferences of 300 fields',
    query: `query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { ${times(300, (at) => `a${at}: title`)} } }`,
    variables: { ids: count(100, String) },
    code: 'ANSWER_TOO_LARGE',
  },
  {
    what: 'a variable named constructor without a value, in 100 places',
    query: `query ($constructor: [ID!]! = [${times(100, (at) => `"${at % 50}"`)}]) { conferences(tempConferenceIds: $constructor) { ${times(190, (at) => `a${at}: title`)} } }`,
    variables: {},
    code: 'ANSWER_TOO_LARGE',
  },
  {
    what: 'an alias of 100,000 characters in 50 places',
    query: `query ($ids: [ID!]!) { conferences(tempConferenceIds: $ids) { ${'a'.repeat(100_000)}: title } }`,
    variables: { ids: count(50, String) },
    code: 'ANSWER_TOO_LARGE',
  },
]
  .map(({ what, query, variables, code = 'TOO_MANY_UPSTREAM_CALLS' }): Attack => ({
    what,
    bytes: (nonce) => operation(query + ' '.repeat(nonce), variables),
    status: 200,
    code,
  }))
  .concat(
    [
      { what: 'an object', id: { $ne: null } },
      { what: 'a list', id: ['1'] },
      { what: 'an object of objects', id: deep(20) },
      { what: 'a path', id: '../admin\n' },
      { what: 'too long', id: 'x'.repeat(100_000) },
    ].map(({ what, id }) => ({
      what: `a representation whose ID is ${what}`,
      bytes: () => operation(entities, { r: [{ __typename: 'Conference', tempConferenceId: id }] }),
      status: 200,
      code: 'BAD_USER_INPUT',
    })),
    ['__proto__', 'constructor', 'Query', 'User', 'Nobody', '__Schema', 'x'.repeat(50_000)].map((type) => ({
      what: `a representation of ${type.slice(0, 20)}`,
      bytes: () => operation(entities, { r: [{ __typename: type, id: '1' }] }),
      status: 200,
      code: 'BAD_USER_INPUT',
    })),
    [
      { what: 'a variable 15,000 levels deep', variables: { r: [deep(15_000)] } },
      { what: 'a variable of the wrong type', variables: { r: null, s: 'x'.repeat(100_000) } },
      { what: 'a variable named __proto__', variables: JSON.parse('{"__proto__": {"r": []}}') },
      { what: 'a missing variable', variables: {} },
    ].map(({ what, variables }) => ({
      what,
      bytes: () => operation(entities, variables),
      status: 400,
      code: 'BAD_USER_INPUT',
    })),
  );

const refusedBodies: Readonly<Record<string, string | Buffer>> = {
  'a batch': '[{"query":"{__typename}"},{"query":"{__typename}"}]',
  'an empty batch': '[]',
  'no body': '',
  'invalid JSON': '{"query": "{__typename}"',
  'a string': '"{__typename}"',
  null: 'null',
  'a body without a query': '{"operationName": "Q"}',
  'a query that is not a string': '{"query": {"toString": 1}}',
  'variables that are a list': '{"query": "{__typename}", "variables": [1]}',
  'extensions that are a list': '{"query": "{__typename}", "extensions": [{}]}',
  'extensions that are text': '{"query": "{__typename}", "extensions": "x"}',
  'an operation that is not in the document': '{"query": "query A {__typename}", "operationName": "B"}',
  'several operations without a name': '{"query": "query A {__typename} query B {__typename}"}',
  'lists 65,000 deep': '['.repeat(65_000) + ']'.repeat(65_000),
  'bytes that are not UTF-8': Buffer.from('{"query":"{__typename} # \xff\xfe"}', 'latin1'),
  'UTF-16': Buffer.from('{"query":"{__typename}"}', 'utf16le'),
  'a byte order mark': '\ufeff\ufeff{"query":"{__typename}"}',
};

const plain = '{"query":"{__typename}"}';
const refusedTypes = [
  'text/plain',
  'text/plain; application/json',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/graphql',
  'application/jsonp',
  'application/json-patch+json',
  'application/json, text/plain',
  undefined,
];

/** Attacks that are not valid GraphQL over HTTP. */
export const requests: readonly Attack[] = [
  ...Object.entries(refusedBodies).map(([what, body]) => ({
    what: `a body: ${what}`,
    bytes: () => post(body),
    status: 400,
    code: 'BAD_REQUEST',
  })),
  ...refusedTypes.map((type) => ({
    what: `a body of type ${type ?? 'unknown'}`,
    bytes: () => post(plain, { 'content-type': type }),
    status: 415,
    code: 'BAD_REQUEST',
  })),
  ...['gzip', 'br', 'identity, gzip', 'x'].map((encoding) => ({
    what: `a body encoded as ${encoding}`,
    bytes: () => post(plain, { 'content-encoding': encoding }),
    status: 415,
    code: 'BAD_REQUEST',
  })),
  ...['PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'].map((method) => ({
    what: method,
    bytes: () => request(`${method} /graphql`, {}),
    status: 405,
    code: 'BAD_REQUEST',
  })),
  ...['/', '/admin', '/graphql//', '/graphql/../admin', '//graphql', '/%67raphql', '/.env', '*'].map(
    (path) => ({
      what: `the path ${path}`,
      bytes: () => request(`GET ${path}`, {}),
      status: 404,
      code: 'BAD_REQUEST',
    }),
  ),
  {
    what: 'a GET with two queries',
    bytes: () => request('GET /graphql?query={a}&query={__typename}', {}),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a GET with broken variables',
    bytes: () => request('GET /graphql?query={__typename}&variables={', {}),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a GET that accepts only an image',
    bytes: () => request('GET /graphql?query={__typename}', { accept: 'image/png' }),
    status: 406,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a body of 5 MB',
    bytes: () => post(' '.repeat(1000), { 'content-length': '5000000' }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a body of 200 kB',
    bytes: () => post(`{"query":"${' '.repeat(200_000)}"}`),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a body with a Content-Length of 5 GB',
    bytes: () => post(plain, { 'content-length': '5000000000' }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'chunks of 5 MB',
    bytes: () =>
      post(`4c4b40\r\n${' '.repeat(131_072 + 1_048_576 + 1)}`, {
        'content-length': undefined,
        'transfer-encoding': 'chunked',
      }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a header of 100 kB',
    bytes: () => post(plain, { token: 'x'.repeat(100_000) }),
    status: 431,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a URL of 100 kB',
    bytes: () => request(`GET /graphql?query=${'x'.repeat(100_000)}`, {}),
    status: 431,
    code: 'BAD_REQUEST',
  },
];
