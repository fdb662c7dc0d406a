import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { watch } from '../support/event-stream.ts';
import { startLiveScene } from '../support/live-scene.ts';
import { text } from '../support/upstream.ts';

const selection = 'title durationSeconds counters { attendees }';

/** The upstream's answer to one poll: a record with some of its fields, no record, or a failure. */
const answer = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      title: fc.constantFrom('a', 'b', null, 7),
      attendeeCnt: fc.constantFrom(1, 2, -1),
      confDuration: fc.nat(5),
    }),
  },
  { weight: 1, arbitrary: fc.constant(null) },
  { weight: 1, arbitrary: fc.constant('rejected' as const) },
);

describe('for any course of a conference', () => {
  it('a viewer gets an event for each state that a query would show, and none twice', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 6 }), async (course) => {
        await using scene = await startLiveScene();
        const set = (now: (typeof course)[number]) => {
          if (now === null) scene.set('1', text('{"status":0,"result":null}'));
          else if (now === 'rejected') scene.set('1', text('{"status":9,"msg":"no"}'));
          else scene.set('1', { ...now, status: 2 });
        };
        const expected: unknown[] = [];
        let last = '';
        const note = async () => {
          const { data, errors } = await scene.gateway.ask(
            `{ conference(tempConferenceId: "1") { ${selection} } }`,
          );
          const { durationSeconds: _, ...still } = (data as { conference: Record<string, unknown> | null })
            .conference ?? {
            none: true,
          };
          const key = JSON.stringify([
            still,
            errors.map(({ path, extensions }) => [path, extensions['code']]),
          ]);
          if (key !== last) expected.push(data);
          last = key;
        };
        set(course[0] ?? null);
        await note();
        await using viewer = await watch(
          scene.gateway.url,
          `subscription { conference(tempConferenceId: "1") { ${selection} } }`,
        );
        await viewer.waitFor(1);
        for (const now of course.slice(1)) {
          set(now);
          await scene.pollLater();
          await note();
        }
        expect(viewer.data).toEqual(expected);
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});
