import { type Attack, operation, times } from './attack.ts';

const one = 'conference(tempConferenceId: "1")';

const parseFailures: Readonly<Record<string, string>> = {
  '10,000 aliases': `{${times(10_000, () => 'a:__typename')}}`,
  '10,000 directives': `{__typename ${times(10_000, () => '@a')}}`,
  '10,000 fields': `{${times(10_000, () => '__typename')}}`,
  '5,000 fragments in a cycle': `{...F0} ${times(3000, (at) => `fragment F${at} on Query{...F${at + 1}}`)}`,
  '2,000 operations': times(2000, (at) => `query Q${at} {__typename}`),
  '5,000 variables': `query(${times(5000, (at) => `$v${at}:ID`)}) {__typename}`,
  '10,000 IDs in the document': `{conferences(tempConferenceIds: [${times(10_000, (at) => `"${at}"`)}]) {title}}`,
  'selections 20,000 deep': `${'{a'.repeat(20_000)}${'}'.repeat(20_000)}`,
  'inline fragments 10,000 deep': `${'{...'.repeat(10_000)}${'}'.repeat(10_000)}`,
  'lists 50,000 deep': `{conferences(tempConferenceIds: ${'['.repeat(50_000)}`,
  'objects 20,000 deep': `{conferences(tempConferenceIds: ${'{a:'.repeat(20_000)}`,
  'a variable type 50,000 deep': `query($v: ${'['.repeat(50_000)}ID`,
  '63,500 line breaks': `{__typename}${'\n'.repeat(63_500)}`,
  '1,001 lines with all kinds of line breaks': `{__typename}${'\r\n\r\n\n\r'.repeat(250)}`,
  'a syntax error after 40,000 comments': `${'#\n'.repeat(40_000)}{`,
  'a name of 100,000 characters in a wrong place': `{__typename} ${'x'.repeat(100_000)}`,
  'a string that does not end': `{conference(tempConferenceId: "${'x'.repeat(100_000)}`,
  'a block string that does not end': `{conference(tempConferenceId: """${'\n x'.repeat(20_000)}`,
  'a number of 100,000 digits and a letter': `{conference(tempConferenceId: ${'9'.repeat(100_000)}x)}`,
  'an invalid escape': String.raw`{conference(tempConferenceId: "\u{110000}")}`,
  'a NUL': '{__typename\0}',
  'only a space': ' ',
  'only commas': ','.repeat(100_000),
};

const validationFailures: Readonly<Record<string, string>> = {
  'the same field 990 times': `{${times(990, () => '__typename')}}`,
  'the same alias 330 times': `{${times(330, () => 'a:__typename')}}`,
  'one alias for two fields, 160 times': `{${times(160, () => 'a:__typename a:x')}}`,
  'the same conference 100 times': `{${times(100, () => `${one}{title}`)}}`,
  '100 conferences under one name': `{${times(100, (at) => `conference(tempConferenceId: "${at}"){title}`)}}`,
  'overlaps below overlaps': `{${times(2, () => `${one}{${times(100, () => 'host{name}')}}`)}}`,
  'overlaps at three levels': `{${times(18, () => `${one}{${times(10, () => 'host{name}')}}`)}}`,
  'overlaps in inline fragments': `{${times(120, () => '...{a:__typename}')}}`,
  'a fragment that contains itself': '{...F} fragment F on Query {...F}',
  'a cycle of 100 fragments': `{...F0} ${times(100, (at) => `fragment F${at} on Query{...F${(at + 1) % 100}}`)}`,
  'a chain of 100 fragments to nowhere': `{...F0} ${times(100, (at) => `fragment F${at} on Query{...F${at + 1}}`)}`,
  'a fan of 100 fragments': `{...F0} ${times(12, (at) => `fragment F${at} on Query{${times(20, (k) => `...F${(at + k + 1) % 12}`)}}`)}`,
  '200 variables of one name': `query(${times(200, () => '$v:ID')}) {__typename}`,
  '300 unknown arguments': `{conference(${times(300, (at) => `a${at}:1`)}) {title}}`,
  '300 unknown directives': `{__typename ${times(300, () => '@a')}}`,
  '200 unknown fields': `{${times(200, (at) => `conferenc${at}`)}}`,
  'a field of 100,000 characters': `{${'x'.repeat(100_000)}}`,
  'lists 400 deep': `{conferences(tempConferenceIds: ${'['.repeat(400)}${']'.repeat(400)}) {title}}`,
  'an object of 100,000 characters for an ID': `{conference(tempConferenceId: {a: "${'x'.repeat(100_000)}"}) {title}}`,
  'a mutation': 'mutation {x}',
  'a type definition': 'type Query {a: Int} query {__typename}',
  introspection: '{__schema {types {name}}}',
  'introspection of one type': '{__type(name: "Conference") {name}}',
  'introspection in a fragment': '{...F} fragment F on Query {a: __schema {b: types {c: name}}}',
  'the SDL': '{_service {sdl}}',
  'the SDL by an alias in a fragment': '{... on Query {...F}} fragment F on Query {a: _service {b: sdl}}',
};

const named = (documents: Readonly<Record<string, string>>, code: string): Attack[] =>
  Object.entries(documents).map(([what, document]) => ({
    what,
    bytes: (nonce) => operation(`${document}${' '.repeat(nonce)}`),
    status: 400,
    code,
  }));

/** Documents that are refused before they are executed. */
export const documents: readonly Attack[] = [
  ...named(parseFailures, 'GRAPHQL_PARSE_FAILED'),
  ...named(validationFailures, 'GRAPHQL_VALIDATION_FAILED'),
];
