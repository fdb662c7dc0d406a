import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as conferences from '../../src/simulator/conferences.ts';
import type { ConferenceRecord } from '../../src/simulator/example.ts';

const { withNulls: _untimed, ...timed } = conferences;
const names = Object.keys(timed) as (keyof typeof timed)[];

const anySecond = fc.integer({ min: Date.UTC(2025, 0) / 1000, max: Date.UTC(2100, 0) / 1000 });
const at = (name: keyof typeof timed, second: number): ConferenceRecord => timed[name]('1', second * 1000);

const people = ['attendeeCnt', 'mcuCnt', 'boxCnt', 'rawAttendeeCnt', 'rawPstnCnt'] as const;
const events = ['voipCnt', 'pstnCnt', 'videoCnt', 'desktopCnt'] as const;

describe.each(names)('%s, at any second', (name) => {
  it('lasts from its start to its end, or to now', () => {
    fc.assert(
      fc.property(anySecond, (now) => {
        const { startTime, stopTime, confDuration } = at(name, now);
        expect(startTime).toBeLessThanOrEqual(now);
        expect(stopTime).toBeLessThanOrEqual(now);
        expect(confDuration).toBe(startTime === 0 ? 0 : (stopTime === 0 ? now : stopTime) - startTime);
      }),
    );
  });

  it('has numbers that fit each other', () => {
    fc.assert(
      fc.property(anySecond, (now) => {
        const { attendeeCnt, voipCnt, pstnCnt, mcuCnt, boxCnt, rawAttendeeCnt, rawPstnCnt, startTime } = at(
          name,
          now,
        );
        expect(attendeeCnt).toBeGreaterThanOrEqual(startTime === 0 ? 0 : 1);
        expect(attendeeCnt).toBeLessThanOrEqual(voipCnt + pstnCnt);
        expect(mcuCnt + boxCnt).toBeLessThanOrEqual(attendeeCnt);
        expect(rawAttendeeCnt).toBeGreaterThanOrEqual(attendeeCnt);
        expect(rawPstnCnt).toBeLessThanOrEqual(Math.min(pstnCnt, rawAttendeeCnt));
      }),
    );
  });

  it('moves by small steps until it starts over, and what counts events never goes back', () => {
    fc.assert(
      fc.property(anySecond, (now) => {
        const [before, after] = [at(name, now), at(name, now + 1)];
        if (before.startTime !== after.startTime) return;
        for (const field of people)
          expect(Math.abs(after[field] - before[field]), field).toBeLessThanOrEqual(2);
        for (const field of events) {
          expect(after[field], field).toBeGreaterThanOrEqual(before[field]);
          expect(after[field] - before[field], field).toBeLessThanOrEqual(2);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a conference that is going on', () => {
  it('is never the same for half a minute, once everybody has come', () => {
    const attendees = Array.from(
      { length: 3300 },
      (_, second) => at('goingOn', Date.UTC(2026, 0, 1, 8, 5) / 1000 + second).attendeeCnt,
    );
    const moves = attendees.flatMap((count, second) => (count === attendees[second - 1] ? [] : [second]));
    const pauses = moves.slice(1).map((second, place) => second - (moves[place] ?? 0));
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30);
    expect(Math.min(...attendees)).toBeLessThan(Math.max(...attendees.slice(0, 60)));
  });
});
