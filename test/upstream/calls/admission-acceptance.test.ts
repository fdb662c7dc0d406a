import { describe, expect, it } from 'vitest';
import type { UpstreamFailure } from '../../../src/upstream/failures.ts';
import { answer, openAdmission } from '../../support/admission.ts';

const tokenRefused: UpstreamFailure = { kind: 'unauthenticated', answered: { httpStatus: 401 } };
const failed: UpstreamFailure = {
  kind: 'unavailable',
  reason: 'http-status',
  answered: { httpStatus: 500 },
};

describe('a caller that the upstream has not accepted', () => {
  const isUnknown = true;

  it('has eight calls at once, and no limit of its own after the first good answer', async () => {
    const line = openAdmission({ concurrency: 64, queue: 256 });
    await line.enterMany(100, 'new', { isUnknown });
    expect(line.admission.inFlight).toBe(8);
    await line.endOne(10, failed);
    expect(line.admission.inFlight).toBe(8);
    await line.endOne(10, answer);
    expect(line.admission.inFlight).toBe(64);
  });

  it('has its waiting calls ended by a 401; none of them is sent', async () => {
    const line = openAdmission({ concurrency: 64, queue: 256 });
    await line.enterMany(100, 'made up', { isUnknown });
    await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(8);
    expect(line.refused).toEqual(Array(92).fill('made up unauthenticated'));
    for (let nth = 0; nth < 7; nth++) await line.endOne(10, tokenRefused);
    expect(line.admission).toMatchObject({ inFlight: 0, waiting: 0 });
  });

  it('comes after accepted callers, except for a quarter of the calls', async () => {
    const line = openAdmission({ concurrency: 1, queue: 100 });
    await line.enterMany(1, 'holder');
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `accepted ${nth}`);
    for (let nth = 0; nth < 12; nth++) await line.endOne();
    expect(
      line.served
        .slice(1)
        .map((name) => name.charAt(0))
        .join(''),
    ).toBe('aaauaaauaaau');
  });

  it('takes no more than that quarter while accepted callers wait, however long its calls take', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'holder');
    for (let nth = 0; nth < 20; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    await line.enterMany(40, 'accepted');
    for (let nth = 0; nth < 8; nth++) await line.endOf('holder');
    for (let nth = 0; nth < 30; nth++) await line.endOf('accepted');
    expect(line.served.filter((name) => name.startsWith('unknown'))).toHaveLength(2);
  });

  it('may use the whole concurrency alone, and gives it up to accepted callers if its calls hang', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.admission.inFlight).toBe(8);
    line.clock.advance(501);
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `accepted ${nth}`);
    expect(line.served.filter((name) => name.startsWith('accepted'))).toHaveLength(6);
    expect(line.hung).toHaveLength(6);
  });

  it('cannot end calls of accepted callers beyond that quarter', async () => {
    const line = openAdmission({ concurrency: 8, queue: 100 });
    await line.enterMany(8, 'slow');
    line.clock.advance(501);
    for (let nth = 0; nth < 8; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.hung).toEqual(['slow', 'slow']);
  });

  it('loses its places to accepted callers when the queue is full, down to a quarter of the places', async () => {
    const line = openAdmission({ concurrency: 1, queue: 8 });
    await line.enterMany(1, 'holder');
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.refused).toEqual(['unknown 8 queue-full']);
    for (let nth = 0; nth < 7; nth++) await line.enterMany(1, `accepted ${nth}`);
    expect(line.refused.slice(1)).toEqual([
      ...[7, 6, 5, 4, 3, 2].map((nth) => `unknown ${nth} queue-cut`),
      'accepted 6 queue-full',
    ]);
  });

  it('gets a place if accepted callers have more than three quarters of them', async () => {
    const line = openAdmission({ concurrency: 1, queue: 8 });
    for (let nth = 0; nth < 9; nth++) await line.enterMany(1, `accepted ${nth}`);
    for (let nth = 0; nth < 3; nth++) await line.enterMany(1, `unknown ${nth}`, { isUnknown });
    expect(line.refused).toEqual(['accepted 8 queue-cut', 'accepted 7 queue-cut', 'unknown 2 queue-full']);
  });
});

describe('a caller that the upstream has accepted', () => {
  it('counts as unknown after a 401, but its calls go on, eight at once', async () => {
    const line = openAdmission({ concurrency: 16, queue: 256 });
    await line.enterMany(40, 'revoked');
    for (let nth = 0; nth < 10; nth++) await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(16 + 2);
    for (let nth = 0; nth < 60; nth++) await line.endOne(10, tokenRefused);
    expect(line.served).toHaveLength(40);
    expect(line.refused).toEqual([]);
  });

  it('has its later calls ended by the next 401', async () => {
    const line = openAdmission({ concurrency: 1, queue: 256 });
    await line.enterMany(2, 'revoked');
    await line.endOne(10, tokenRefused);
    await line.enterMany(3, 'revoked', { isUnknown: true });
    await line.endOne(10, tokenRefused);
    expect(line.refused).toEqual(Array(3).fill('revoked unauthenticated'));
  });

  it('is forgotten ten minutes after its last good answer', async () => {
    const line = openAdmission({ concurrency: 64, queue: 256 });
    await line.enterMany(1, 'caller');
    await line.endOne(0);
    line.clock.advance(599_999);
    await line.enterMany(9, 'caller', { isUnknown: true });
    expect(line.admission.inFlight).toBe(9);
    for (let nth = 0; nth < 9; nth++) await line.endOne(0, failed);
    line.clock.advance(1);
    await line.enterMany(9, 'caller', { isUnknown: true });
    expect(line.admission.inFlight).toBe(8);
  });

  it('is one of the 10,000 newest, however many there were', async () => {
    const line = openAdmission({ concurrency: 64, queue: 256 });
    for (let nth = 0; nth < 10_001; nth++) {
      await line.enterMany(1, `caller ${nth}`);
      await line.endOne(0);
    }
    expect(line.callers.accepted).toBe(10_000);
    expect(line.callers.find('caller 0').isAccepted).toBe(false);
    expect(line.callers.find('caller 1').isAccepted).toBe(true);
    // A second later, this answer makes it one of the most recently accepted callers again.
    line.clock.advance(1000);
    await line.enterMany(1, 'caller 1');
    await line.endOne(0);
    await line.enterMany(1, 'one more');
    await line.endOne(0);
    expect(line.callers.find('caller 1').isAccepted).toBe(true);
    expect(line.callers.find('caller 2').isAccepted).toBe(false);
  });
});
