import type { Plugin } from 'graphql-yoga';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../support/event-stream.ts';
import { intervalMs, type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { record, text } from '../support/upstream.ts';

let executions = 0;
let isBroken = false;
const countExecutions: Plugin = {
  onExecute() {
    executions += 1;
    if (isBroken) throw new RangeError('a defect');
  },
};

let scene: LiveScene;
beforeEach(async () => {
  executions = 0;
  isBroken = false;
  scene = await startLiveScene({}, { plugins: [countExecutions] });
});
afterEach(() => scene[Symbol.asyncDispose]());

const document = 'subscription ($id: ID!) { conference(tempConferenceId: $id) { title } }';
const open = (viewers: number, token = 'anna') =>
  Promise.all(
    Array.from({ length: viewers }, () =>
      watch(scene.gateway.url, document, { token, variables: { id: '1' } }),
    ),
  );

describe('200 equal viewers', () => {
  it('need one call and one execution per tick; another caller needs its own', async () => {
    scene.set('1', (received, response) => record({ title: received.token, status: 2 })(received, response));
    const viewers = await open(200);
    const [ben] = await open(1, 'ben');
    await Promise.all([...viewers, ben].map(async (viewer) => viewer?.waitFor(1)));
    expect(scene.upstream.received).toHaveLength(2);
    expect(executions).toBe(2);

    scene.set('1', (received, response) =>
      record({ title: `${received.token} 2`, status: 2 })(received, response),
    );
    await scene.poll(2);
    await Promise.all([...viewers, ben].map(async (viewer) => viewer?.waitFor(2)));
    expect(scene.upstream.received).toHaveLength(4);
    expect(executions).toBe(4);
    for (const viewer of viewers) expect(viewer.data[1]).toEqual({ conference: { title: 'anna 2' } });
    expect(ben?.data[1]).toEqual({ conference: { title: 'ben 2' } });

    // Nothing has changed: nothing is executed.
    await scene.poll(2);
    expect(executions).toBe(4);
    for (const viewer of [...viewers, ben]) viewer?.leave();
  });

  it('leave no call and no timer behind', async () => {
    const viewers = await open(20);
    await Promise.all(viewers.map(async (viewer) => viewer.waitFor(1)));
    for (const viewer of viewers) viewer.leave();
    while (scene.gateway.events.filter(({ event }) => event === 'streamEnded').length < 20)
      await new Promise((resolve) => setImmediate(resolve));
    expect(scene.clock.timers).toBe(0);
    scene.clock.advance(10 * intervalMs);
    await scene.settle();
    expect(scene.upstream.received).toHaveLength(1);
  });
});

describe('viewers of one caller with the same document,', () => {
  it('but other variables, each get their own conference', async () => {
    const viewers = await Promise.all(
      ['1', '2'].map(async (id) => watch(scene.gateway.url, document, { token: 'anna', variables: { id } })),
    );
    for (const viewer of viewers) await viewer.waitFor(1);
    scene.set('2', { title: 'changed', status: 2 });
    await scene.poll(2);
    await viewers[1]?.waitFor(2);
    expect(viewers.map(({ data }) => data)).toEqual([
      [{ conference: { title: 'Conference 1' } }],
      [{ conference: { title: 'Conference 2' } }, { conference: { title: 'changed' } }],
    ]);
    for (const viewer of viewers) viewer.leave();
  });

  it('but another operation in it, each get their own operation', async () => {
    const two = `subscription Titles { conference(tempConferenceId: "1") { title } }
      subscription States { conference(tempConferenceId: "1") { status } }`;
    const viewers = await Promise.all(
      ['Titles', 'States'].map(async (operationName) =>
        watch(scene.gateway.url, two, { token: 'anna', operationName }),
      ),
    );
    for (const viewer of viewers) await viewer.waitFor(1);
    expect(viewers.map(({ data }) => data)).toEqual([
      [{ conference: { title: 'Conference 1' } }],
      [{ conference: { status: 'IN_PROGRESS' } }],
    ]);
    for (const viewer of viewers) viewer.leave();
  });
});

describe('a field that changes by itself', () => {
  it('causes no execution when the upstream begins or ceases to send it', async () => {
    scene.set('1', { title: 'same', status: 2 });
    const [viewer] = await open(1);
    await viewer?.waitFor(1);
    scene.set('1', { title: 'same', status: 2, confDuration: 60 });
    await scene.poll();
    scene.set('1', { title: 'same', status: 2 });
    await scene.poll();
    expect(scene.upstream.received).toHaveLength(3);
    expect(executions).toBe(1);
    viewer?.leave();
  });
});

describe('an execution that fails by a defect', () => {
  it('ends the stream with INTERNAL_SERVER_ERROR, and the defect is reported', async () => {
    isBroken = true;
    const [viewer] = await open(1);
    await viewer?.end();
    expect(viewer?.events).toMatchObject([
      { type: 'next', data: { data: null, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] } },
      { type: 'complete' },
    ]);
    expect(scene.gateway.events).toContainEqual(
      expect.objectContaining({ event: 'defect', name: 'RangeError' }),
    );
  });
});

describe('a viewer that comes after one item of the list was refused', () => {
  it('causes a new call for it; the other viewers keep their stream', async () => {
    const list = 'subscription { conferences(tempConferenceIds: ["1", "2"]) { title } }';
    scene.set('2', text('{}', 403));
    const first = await watch(scene.gateway.url, list, { token: 'anna' });
    await first.waitFor(1);
    expect(first.data[0]).toEqual({ conferences: [{ title: 'Conference 1' }, null] });

    scene.set('2', { title: 'Allowed', status: 2 });
    const second = await watch(scene.gateway.url, list, { token: 'anna' });
    await second.waitFor(1);
    expect(second.data[0]).toEqual({ conferences: [{ title: 'Conference 1' }, { title: 'Allowed' }] });

    // A third viewer joins the second one, whose list has no refusal.
    const third = await watch(scene.gateway.url, list, { token: 'anna' });
    await third.waitFor(1);
    expect(third.data).toEqual(second.data);
    expect(scene.upstream.received.map(({ id }) => id)).toEqual(['1', '2', '2']);
    for (const viewer of [first, second, third]) viewer.leave();
    while (scene.gateway.events.filter(({ event }) => event === 'streamEnded').length < 3)
      await new Promise((resolve) => setImmediate(resolve));
    expect(scene.clock.timers).toBe(0);
  });
});

describe('a viewer that joins a poller', () => {
  it('gets the last record at once if it is younger than one interval', async () => {
    const [first] = await open(1);
    await first?.waitFor(1);
    scene.clock.advance(intervalMs - 1 - intervalMs / 10);
    const other = await watch(
      scene.gateway.url,
      'subscription { conference(tempConferenceId: "1") { status } }',
      {
        token: 'anna',
      },
    );
    await other.waitFor(1);
    expect(scene.upstream.received).toHaveLength(1);
    first?.leave();
    other.leave();
  });

  it('shares calls with queries', async () => {
    const answers: (() => void)[] = [];
    scene.set('1', (received, response) => {
      answers.push(() => record({ title: 'shared', status: 2 })(received, response));
    });
    const query = scene.gateway.ask('{ conference(tempConferenceId: "1") { title } }', { token: 'anna' });
    const viewing = open(1);
    while (answers.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setTimeout(resolve, 50));
    for (const answer of answers) answer();
    expect((await query).data).toEqual({ conference: { title: 'shared' } });
    const [viewer] = await viewing;
    await viewer?.waitFor(1);
    expect(scene.upstream.received).toHaveLength(1);
    viewer?.leave();
  });

  it('gets the last failure while the upstream fails, and makes no call', async () => {
    scene.set('1', text('', 500));
    const [first] = await open(1);
    await first?.waitFor(1);
    const calls = scene.upstream.received.length;
    // Longer than an interval, and shorter than the pause after a failure.
    scene.clock.advance(intervalMs * 1.5);
    const herd = await open(50);
    await Promise.all(herd.map((viewer) => viewer.waitFor(1)));
    expect(herd[0]?.events[0]?.data?.errors).toMatchObject([
      { extensions: { code: 'UPSTREAM_UNAVAILABLE' } },
    ]);
    expect(scene.upstream.received).toHaveLength(calls);
    for (const viewer of [...herd, first]) viewer?.leave();
  });
});
