import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { clock, createFormats } from '../src/i18n/formats.ts';
import { type History, withPoint } from '../src/live/history.ts';
import { idsIn, idsInText, withIds } from '../src/page/address.ts';

describe('an address', () => {
  it('gives back the IDs that were put into it, whatever characters they have', () => {
    const ids = ['56039682', 'a,b', 'x&id=y', '会议 1', '100%', '#'];
    const href = withIds('http://page/?theme=x&id=old', ids);
    assert.deepEqual(idsIn(new URL(href).search), ids);
    assert.equal(new URL(href).searchParams.get('theme'), 'x');
  });

  it('names each conference once, and none that is blank', () => {
    assert.deepEqual(idsIn('?id=1&id=2&id=1&id=&id=%20'), ['1', '2']);
  });
});

describe('what is typed', () => {
  it('is one ID or several, as one pastes them', () => {
    assert.deepEqual(idsInText(' 1\n2, 3，4；5 1 '), ['1', '2', '3', '4', '5']);
  });
});

describe('a history', () => {
  const after = (points: readonly (number | null)[]) =>
    points.reduce<History>((history, attendees, atMs) => withPoint(history, { atMs, attendees }), []);

  it('has a point for each change, and a gap where nobody knew', () => {
    assert.deepEqual(
      after([null, 5, 5, 6, null, null, 6]).map(({ atMs, attendees }) => [atMs, attendees]),
      [[1, 5], [3, 6], [4, null], [6, 6]],
    );
  });

  it('does not grow without end', () => {
    const history = after(Array.from({ length: 2000 }, (_, nth) => nth));
    assert.equal(history.length, 720);
    assert.equal(history.at(-1)?.attendees, 1999);
  });
});

describe('a length of time', () => {
  for (const { seconds, shown } of [
    { seconds: 0, shown: '0:00:00' },
    { seconds: 3723, shown: '1:02:03' },
    { seconds: 86_399, shown: '23:59:59' },
    { seconds: 277_445, shown: '3d 05:04:05' },
  ])
    it(`of ${seconds} s is ${shown}`, () => assert.equal(clock(seconds, 'd'), shown));
});

describe('an age', () => {
  const { age } = createFormats('en-GB', 'just now');
  for (const { ms, words } of [
    { ms: 0, words: 'just now' },
    { ms: 4999, words: 'just now' },
    { ms: 13_000, words: '10 seconds ago' },
    { ms: 61_000, words: '1 minute ago' },
    { ms: 7_300_000, words: '2 hours ago' },
    { ms: 200_000_000, words: '2 days ago' },
  ])
    it(`of ${ms} ms is told as ${words}`, () => assert.equal(age(ms), words));
});
