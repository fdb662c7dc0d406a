import type { Finding } from './findings.ts';
import type { Words } from './words.ts';

const types: Words['types'] = {
  null: 'null',
  boolean: 'boolean',
  number: 'number',
  string: 'string',
  list: 'list',
  object: 'object',
  long: 'long',
  int: 'int',
  text: 'string',
  flag: 'boolean',
};

function finding(found: Finding): string {
  switch (found.kind) {
    case 'missing':
      return 'missing';
    case 'null':
      return 'null, which the contract does not allow here';
    case 'unknown-field':
      return 'a field that the contract does not have';
    case 'wrong-type':
      return `${types[found.came]} in place of ${types[found.wanted]}`;
    case 'unreadable':
      return 'the schema cannot read it';
    case 'milliseconds':
      return 'milliseconds in place of seconds';
    case 'seconds':
      return 'seconds in place of milliseconds';
    case 'too-early':
      return `before ${found.than}`;
    case 'longer-than-possible':
      return 'longer than from start to end: not seconds?';
    case 'negative':
      return 'less than 0';
    case 'no-coding':
      return 'no coding: the charset is taken from content-type alone';
    case 'malformed':
      return 'not well-formed Unicode';
    case 'unlisted':
      return `neither ${listed(found.listed)}`;
    case 'other-id':
      return 'another ID than asked: the gateway refuses the whole answer';
    case 'form':
      return "not in the form of the contract's example";
    default:
      return found satisfies never;
  }
}

const listed = (values: Readonly<Record<number, string>>) =>
  Object.entries(values)
    .map(([number, word]) => `${number} (${word.toLowerCase().replaceAll('_', ' ')})`)
    .join(' nor ');

export const english: Words = {
  columns: ['field', 'received', 'served by the schema', 'deviation from the contract'],
  types,
  absent: 'absent',
  masked: 'masked',
  purposes: {
    'token-in-header': 'token in the header',
    'token-in-body': 'token in the body',
    'unknown-id': 'an ID that does not exist',
    'wrong-token': 'a token that is wrong',
    again: 'asked again',
  },
  unexpected: {
    'token-in-header': 'no record',
    'token-in-body': 'no record',
    'unknown-id': 'neither a refusal nor an answer without a record',
    'wrong-token': 'not refused',
    again: 'no record this time',
  },
  noUsableAnswer: 'no usable answer',
  noRecord: 'success, no record',
  record: 'a record',
  statuses: 'Business statuses seen:',
  mapping: 'To map them to error codes, set:',
  noMapping: 'Business statuses seen: only 0.',
  ambiguous: (status) =>
    `${status} says that a token is wrong and that an ID does not exist: it cannot be mapped.`,
  times: (count, min, median, max) =>
    `Time of ${count} calls: shortest ${min}, median ${median}, longest ${max}.`,
  fits: 'Everything fits the contract.',
  differs: (count) =>
    count === 1 ? '1 deviation from the contract:' : `${count} deviations from the contract:`,
  finding,
  usage:
    'Usage: npm run check-upstream -- ID (a conference that exists; UPSTREAM_URL and UPSTREAM_TOKEN in the environment)',
  noUpstream: 'UPSTREAM_URL: not set; it must name the upstream to check',
  noToken: 'UPSTREAM_TOKEN: not set, and there is no terminal to ask for it',
  unusableToken: 'The token cannot be sent: it must be 1 to 8192 printable ASCII characters without blanks',
  tokenAsArgument:
    "Do not pass a token as an argument: other processes and the shell's history would see it. Set UPSTREAM_TOKEN, or leave it unset to be asked for it. The only argument is an ID.",
  askToken: 'Token (not shown): ',
};
