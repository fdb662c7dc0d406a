import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallerQueue, type Waiting } from '../../../src/upstream/calls/caller-queue.ts';

/** The same queue, written simply and slowly. */
class PlainQueue {
  readonly lines: { caller: string; calls: number[] }[] = [];

  add(caller: string, call: number) {
    const line = this.lines.find((one) => one.caller === caller);
    if (line) line.calls.push(call);
    else this.lines.push({ caller, calls: [call] });
  }

  remove(call: number) {
    for (const line of this.lines) line.calls = line.calls.filter((one) => one !== call);
    this.#dropEmpty();
  }

  serve(): number | undefined {
    const line = this.lines.shift();
    const call = line?.calls.shift();
    if (line) this.lines.push(line);
    this.#dropEmpty();
    return call;
  }

  /** How many calls are served before a call that the caller adds now. */
  ahead(caller: string): number {
    const copy = new PlainQueue();
    for (const { caller: one, calls } of this.lines) for (const call of calls) copy.add(one, call);
    copy.add(caller, -1);
    let served = 0;
    while (copy.serve() !== -1) served += 1;
    return served;
  }

  get longest(): number {
    return Math.max(0, ...this.lines.map(({ calls }) => calls.length));
  }

  get waiting(): number {
    return this.lines.reduce((sum, { calls }) => sum + calls.length, 0);
  }

  #dropEmpty() {
    const kept = this.lines.filter(({ calls }) => calls.length > 0);
    this.lines.splice(0, this.lines.length, ...kept);
  }
}

describe('a round-robin queue of callers', () => {
  const callers = ['a', 'b', 'c', 'd'];
  const step = fc.record({
    kind: fc.constantFrom('add', 'add', 'add', 'serve', 'remove', 'cut'),
    caller: fc.constantFrom(...callers),
    nth: fc.nat({ max: 50 }),
  });

  it('serves, evicts and predicts like a simple implementation, whatever calls come and go', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 100 }), (steps) => {
        const queue = new CallerQueue<string, number>();
        const plain = new PlainQueue();
        const waiting = new Map<number, Waiting<string, number>>();
        const take = (call: number | undefined) => {
          const place = call === undefined ? undefined : waiting.get(call);
          if (call === undefined || !place) return;
          waiting.delete(call);
          queue.remove(place);
          queue.toEnd(place.line.caller);
        };
        steps.forEach(({ kind, caller, nth }, call) => {
          if (kind === 'add') {
            waiting.set(call, queue.add(caller, call, false));
            plain.add(caller, call);
          } else if (kind === 'serve') {
            expect(queue.next).toBe(plain.lines[0]?.calls[0]);
            take(queue.next);
            plain.serve();
          } else {
            const cut = queue.leastDeserving;
            const gone = kind === 'cut' ? cut : [...waiting.keys()][nth % waiting.size];
            if (kind === 'cut' && cut !== undefined)
              expect(plain.lines.find(({ calls }) => calls.at(-1) === cut)?.calls.length).toBe(plain.longest);
            const place = gone === undefined ? undefined : waiting.get(gone);
            if (gone === undefined || !place) return;
            waiting.delete(gone);
            queue.remove(place);
            plain.remove(gone);
          }
          expect(queue.waiting).toBe(plain.waiting);
          expect(queue.longest).toBe(plain.longest);
          const ahead = plain.ahead(caller);
          // The estimate counts the last round as complete, so it may be too high by up to one round.
          expect(queue.isBehindMoreThan(caller, ahead + plain.lines.length)).toBe(false);
          expect(queue.isBehindMoreThan(caller, ahead - 1)).toBe(true);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
