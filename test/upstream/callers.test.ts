import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type Fault, startFaultServer } from '../support/fault-server.ts';
import { cutAt, envelopeFor, http, send, status, stall, well } from '../support/faults.ts';
import { openUpstream } from '../support/open-upstream.ts';

/** Asked for in all, by a hundred callers who each want the same ten conferences again and again. */
const requests = 100_000;
const callers = 100;
const ids = 10;
/** At most so many at once. */
const abreast = 500;

const mixed: readonly Fault[] = [
  cutAt((asked) => http(envelopeFor(asked)), 60, 'reset'),
  cutAt((asked) => http(envelopeFor(asked)), 0, 'closed'),
  status(500),
  status(503),
  status(401),
  send('HTTP/1.1 200 OK\r\ncontent-length: 5, 6\r\n\r\n{}'),
  // A second answer to the same question, for whoever comes next.
  send((asked) =>
    Buffer.concat([http(envelopeFor(asked)), http(envelopeFor({ ...asked, token: 'foreign' }))]),
  ),
  stall,
];

describe('a hundred callers at once', () => {
  it('each get their own answers and no others, in 100,000 requests of which a tenth fails', async () => {
    let nextFault = 0;
    await using server = await startFaultServer(({ nth }) =>
      nth % 10 === 0 ? (mixed[nextFault++ % mixed.length] ?? well) : well,
    );
    await using way = openUpstream(server.url, { timeoutMs: 400, queue: abreast });
    const outcomes = new Map<string, number>();
    let foreign = 0;
    let begun = 0;

    const askOn = async () => {
      while (begun < requests) {
        const nth = begun++;
        // As one does who asks over a network: after what else is due.
        await nextTurn();
        // Neighbours in time are other callers, who ask for the same.
        const token = `token-${nth % callers}`;
        const id = String(Math.floor(nth / callers) % ids);
        const { outcome } = await way.call({ token, id });
        // As a client does: were nobody to wait while the circuit is open, all that is left would be refused within a second.
        if (outcome.kind === 'unavailable' && outcome.reason === 'circuit-open')
          await pause(outcome.retryAfterMs);
        outcomes.set(outcome.kind, (outcomes.get(outcome.kind) ?? 0) + 1);
        if (outcome.kind !== 'answer') continue;
        const { title, tempConferenceId } = outcome.record ?? {};
        if (title !== token || tempConferenceId !== id) foreign += 1;
      }
    };
    await Promise.all(Array.from({ length: abreast }, askOn));

    expect(foreign).toBe(0);
    // Nine tenths, where the machine is quiet.
    expect(outcomes.get('answer')).toBeGreaterThan(requests / 2);
    // Each kind of failure was met, or the test would say nothing of it.
    expect([...outcomes.keys()].toSorted()).toEqual([
      'answer',
      'invalid-response',
      'timeout',
      'unauthenticated',
      'unavailable',
    ]);
  }, 120_000);
});
