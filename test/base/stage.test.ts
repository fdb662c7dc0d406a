import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Stage } from '../../src/base/stage.ts';

function startStage(schedule?: (task: () => void) => void) {
  const run: number[] = [];
  return { run, stage: new Stage<number>((item) => void run.push(item), schedule) };
}

describe('a stage', () => {
  it('runs the items of a turn together at its end, in their order', async () => {
    const { run, stage } = startStage();
    stage.add(1);
    await Promise.resolve();
    stage.add(2);
    expect(run).toEqual([]);
    await nextTurn();
    expect(run).toEqual([1, 2]);
  });

  it('runs 64 items at once, and those after them at the end of the turn', async () => {
    const { run, stage } = startStage();
    for (let item = 0; item < 64; item += 1) {
      expect(run).toEqual([]);
      stage.add(item);
    }
    expect(run).toHaveLength(64);
    stage.add(64);
    expect(run).toHaveLength(64);
    await nextTurn();
    expect(run.at(-1)).toBe(64);
    expect(run).toHaveLength(65);
  });

  it('without a maximum runs only when it is scheduled', () => {
    const tasks: (() => void)[] = [];
    const run: number[] = [];
    const stage = new Stage<number>(
      (item) => void run.push(item),
      (task) => void tasks.push(task),
      Infinity,
    );
    for (let item = 0; item < 1000; item += 1) stage.add(item);
    expect(run).toEqual([]);
    for (const task of tasks) task();
    expect(tasks).toHaveLength(1);
    expect(run).toHaveLength(1000);
  });

  it('runs an item that is added meanwhile in the next turn', async () => {
    const run: number[] = [];
    const stage = new Stage<number>((item) => {
      run.push(item);
      if (item < 3) stage.add(item + 1);
    });
    stage.add(1);
    for (const expected of [[1], [1, 2], [1, 2, 3], [1, 2, 3]]) {
      await nextTurn();
      expect(run).toEqual(expected);
    }
  });

  it('scheduled as a tick runs after the promise jobs that add its items, still in the same turn', async () => {
    const { run, stage } = startStage((task) => process.nextTick(task));
    const turnEnds = nextTurn().then(() => run.push(-1));
    const addLater = async (item: number) => {
      for (let job = 0; job < item; job += 1) await Promise.resolve();
      stage.add(item);
      expect(run).toEqual([]);
    };
    await Promise.all([1, 2, 3].map(addLater));
    await turnEnds;
    expect(run).toEqual([1, 2, 3, -1]);
  });
});
