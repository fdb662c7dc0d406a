import { describe, expect, it } from 'vitest';
import { conferenceInfo } from '../../../src/domains/conference/endpoint.ts';
import { createDriftWatch } from '../../../src/upstream/answer/drift-watch.ts';
import { readAnswer } from '../../../src/upstream/answer/envelope.ts';
import { conferenceParticipants } from '../../fixtures/participants/endpoint.ts';

const head = '{"status":0,"result":{"tempConferenceId":"1","hostId":9007199254740993,';

/** A text with as many items as fit in this number of bytes. */
function filled(bytes: number, before: string, item: (at: number) => string, after: string): string {
  const items: string[] = [];
  let left = bytes - before.length - after.length;
  for (let at = 0; left > item(at).length; at += 1) {
    items.push(item(at));
    left -= item(at).length + 1;
  }
  return before + items.join(',') + after;
}

/** A text of this size with nested values. `open` and `close` are the text of one level. */
const nested = (bytes: number, open: string, close: string) => {
  const levels = Math.floor((bytes - 200) / (open.length + close.length));
  return `${head}"participants":${open.repeat(levels)}1${close.repeat(levels)}}}`;
};

const shapes: Readonly<Record<string, (bytes: number) => string>> = {
  'numbers, and one beyond 2^53': (n) => filled(n, `${head}"a":[`, () => '1', ']}}'),
  'numbers beyond 2^53': (n) => filled(n, `${head}"a":[`, () => '9007199254740993', ']}}'),
  'unknown keys': (n) => filled(n, head, (at) => `"k${at}":1`, '}}'),
  'unknown keys that are no names': (n) => filled(n, head, (at) => `"!${at}":1`, '}}'),
  'keys of the envelope': (n) => filled(n, '{"status":0,"result":null,', (at) => `"k${at}":1`, '}'),
  'one key again and again': (n) => filled(n, head, () => '"hostId":9007199254740993', '}}'),
  'empty participants': (n) => filled(n, `${head}"participants":[`, () => '{}', ']}}'),
  'participants of a shape each': (n) => filled(n, `${head}"participants":[`, (at) => `{"k${at}":1}`, ']}}'),
  'participants with long IDs': (n) =>
    filled(n, `${head}"participants":[`, () => '{"userId":9007199254740993}', ']}}'),
  'participants that are none': (n) => filled(n, `${head}"participants":[`, () => '1', ']}}'),
  'nested arrays': (n) => nested(n, '[', ']'),
  'nested objects': (n) => nested(n, '{"a":', '}'),
  'a title of escapes': (n) => `${head}"title":"${String.raw`\u0001`.repeat((n - 200) / 6)}"}}`,
  'a title of halves of characters': (n) => `${head}"title":"${String.raw`\ud83d`.repeat((n - 200) / 6)}"}}`,
  'a message of line breaks': (n) => `{"status":7,"msg":"${String.raw`\na`.repeat((n - 200) / 3)}"}`,
  'one number': (n) => `${head}"startTime":${'9'.repeat(n - 200)}}}`,
};

describe.each([
  { bytes: 65_536, limitMs: 20 },
  { bytes: 262_144, limitMs: 80 },
])('an answer of $bytes bytes blocks the event loop for at most $limitMs ms', ({ bytes, limitMs }) => {
  const watch = createDriftWatch(() => undefined);
  it.each(Object.keys(shapes))('%s', (name) => {
    const body = Buffer.from(shapes[name]?.(bytes) ?? '');
    expect(body.length).toBeGreaterThan(bytes * 0.9);
    expect(body.length).toBeLessThanOrEqual(bytes);
    for (const endpoint of [conferenceInfo, conferenceParticipants]) {
      let least = Infinity;
      // CPU time of the thread, because another process can use the core meanwhile. In the first rounds, V8 still compiles.
      for (let round = 0; round < 10 && least > limitMs; round += 1) {
        const before = process.threadCpuUsage();
        const raw = { httpStatus: 200, contentType: 'application/json', contentEncoding: undefined, body };
        const outcome = readAnswer(raw, endpoint, '1', new Map(), watch.tell);
        if (outcome.kind === 'answer' && outcome.record) watch.watch(endpoint, outcome.record);
        const { user, system } = process.threadCpuUsage(before);
        least = Math.min(least, (user + system) / 1000);
        expect(['answer', 'rejected']).toContain(outcome.kind);
      }
      expect(least).toBeLessThanOrEqual(limitMs);
    }
  });
});
