import fc from 'fast-check';
import { Histogram, Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { PlainHistogram } from '../../src/observe/metrics/plain-histogram.ts';

const buckets = [0.002, 0.05, 1];
const value = fc.oneof(fc.constantFrom(0, ...buckets), fc.double({ min: 0, max: 2, noNaN: true }));
const label = fc.constantFrom('ok', 'left', 'a"b\\c');

it("a plain histogram has the same text as prom-client's own, whatever is observed", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(label, label, value)),
      fc.constantFrom([], ['outcome'], ['endpoint', 'outcome']),
      async (observations, labelNames) => {
        const [plainly, theirs] = [new Registry(), new Registry()];
        const options = { name: 'd_seconds', help: 'A duration.', labelNames, buckets };
        const plain = new PlainHistogram({ ...options, registers: [plainly] });
        const their = new Histogram({ ...options, registers: [theirs] });
        for (const [first, second, seconds] of observations) {
          const given = [first, second].slice(0, labelNames.length);
          plain.series(...given).observe(seconds);
          their.observe(Object.fromEntries(labelNames.map((name, at) => [name, given[at]])), seconds);
        }
        const linesOf = async (registry: Registry) => (await registry.metrics()).split('\n').toSorted();
        expect(await linesOf(plainly)).toEqual(await linesOf(theirs));
      },
    ),
  );
});
