import {
  type Admission,
  type Admitted,
  createAdmission,
  type Turn,
} from '../../src/upstream/calls/admission.ts';
import { createCallers } from '../../src/upstream/calls/callers.ts';
import type { UpstreamFailure } from '../../src/upstream/failures.ts';
import { Answer } from '../../src/upstream/answer/answer.ts';
import type { Priority } from '../../src/upstream/caller.ts';
import { createTestClock } from './clock.ts';

/** An admission with callers. Records which calls were served and refused. A call keeps its turn until the test ends it. */
export function openAdmission({
  concurrency,
  queue,
  timeoutMs = 5000,
}: {
  readonly concurrency: number;
  readonly queue: number;
  readonly timeoutMs?: number;
}) {
  const clock = createTestClock();
  const callers = createCallers(clock);
  const admission: Admission = createAdmission({ concurrency, queue, timeoutMs }, clock, callers);
  const served: string[] = [];
  const refused: string[] = [];
  const hung: string[] = [];
  const turns: { readonly name: string; readonly turn: Turn }[] = [];
  const enter = async (
    caller: string,
    {
      name = caller,
      deadlineMs = 60_000,
      signal = new AbortController().signal,
      priority = 'query',
      isUnknown = false,
    }: EnterOptions = {},
  ) => {
    const known = callers.find(caller);
    if (!isUnknown && !known.isAccepted) callers.accept(known);
    const call = { deadline: clock.now() + deadlineMs, signal, end: () => void hung.push(name) };
    const admitted: Admitted = await admission.enter(known, call, priority);
    if (admitted.kind === 'turn') {
      served.push(name);
      turns.push({ name, turn: admitted });
    } else refused.push(`${name} ${admitted.kind === 'refused' ? admitted.reason : admitted.kind}`);
  };
  const settle = async () => {
    await Promise.resolve();
    await Promise.resolve();
  };
  return {
    admission,
    callers,
    clock,
    served,
    refused,
    hung,
    enter,
    settle,
    /** Makes `count` calls of one caller at once. */
    enterMany(count: number, caller: string, options: EnterOptions = {}) {
      for (let nth = 0; nth < count; nth++) void enter(caller, options);
      return settle();
    },
    /** Ends the oldest turn after `ms` milliseconds. */
    async endOne(ms = 10, outcome: Answer | UpstreamFailure = answer) {
      clock.advance(ms);
      const first = turns.shift();
      if (first) admission.leave(first.turn, outcome);
      await settle();
    },
    /** Ends the oldest turn of the calls with this name. */
    async endOf(name: string, outcome: Answer | UpstreamFailure = answer) {
      const first = turns.find((one) => one.name === name && one.turn.place);
      if (!first) throw new Error(`no call of ${name} is under way`);
      turns.splice(turns.indexOf(first), 1);
      admission.leave(first.turn, outcome);
      await settle();
    },
  };
}

interface EnterOptions {
  readonly name?: string;
  readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
  readonly priority?: Priority;
  /** Whether the upstream has not accepted its token yet. */
  readonly isUnknown?: boolean;
}

export const answer = new Answer('1', null, 0, {});
