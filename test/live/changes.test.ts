import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { watch } from '../support/event-stream.ts';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';

let scene: LiveScene;
beforeEach(async () => {
  scene = await startLiveScene();
});
afterEach(() => scene[Symbol.asyncDispose]());

const conference = (selection: string, id = '1') =>
  `subscription { conference(tempConferenceId: "${id}") { ${selection} } }`;

describe('a viewer of one conference', () => {
  it('gets three events in ten polls with two changes', async () => {
    await using viewer = await watch(scene.gateway.url, conference('title counters { attendees }'));
    await viewer.waitFor(1);
    for (let poll = 1; poll <= 10; poll += 1) {
      scene.set('1', {
        title: 'a',
        status: 2,
        attendeeCnt: poll < 4 ? 1 : poll < 8 ? 2 : 3,
        confDuration: poll,
      });
      if (poll === 1) scene.set('1', { title: 'Conference 1', status: 2 });
      if (poll === 2 || poll === 3) scene.set('1', { title: 'Conference 1', status: 2, confDuration: poll });
      await scene.poll();
    }
    expect(viewer.data).toEqual([
      { conference: { title: 'Conference 1', counters: { attendees: null } } },
      { conference: { title: 'a', counters: { attendees: 2 } } },
      { conference: { title: 'a', counters: { attendees: 3 } } },
    ]);
    expect(scene.upstream.received).toHaveLength(11);
  });

  it('gets no event for a change of a field that it has not selected', async () => {
    await using viewer = await watch(scene.gateway.url, conference('title'));
    await viewer.waitFor(1);
    scene.set('1', { title: 'Conference 1', status: 2, attendeeCnt: 9 });
    await scene.poll();
    expect(viewer.events).toHaveLength(1);
  });

  it.each([
    { selection: 'title durationSeconds observedAt' },
    { selection: 'title: durationSeconds durationSeconds: title' },
    {
      selection: '...F } } fragment F on Conference { title ... on Conference { observedAt durationSeconds }',
    },
    { selection: 'title seconds: durationSeconds @skip(if: false)' },
  ])('gets no event if only { $selection } has changed by itself', async ({ selection }) => {
    const document = selection.includes('fragment')
      ? `subscription { conference(tempConferenceId: "1") { ${selection} }`
      : conference(selection);
    await using viewer = await watch(scene.gateway.url, document);
    await viewer.waitFor(1);
    scene.set('1', { title: 'Conference 1', status: 2, confDuration: 60 });
    await scene.poll();
    expect(viewer.events).toHaveLength(1);
    scene.set('1', { title: 'another', status: 2, confDuration: 62 });
    await scene.poll();
    expect(viewer.events).toHaveLength(2);
  });

  it.each([
    { selection: 'durationSeconds', events: 3 },
    { selection: '__typename tempConferenceId id: tempConferenceId observedAt', events: 3 },
    { selection: 'durationSeconds title @skip(if: true)', events: 3 },
    { selection: 'durationSeconds ... on Conference @include(if: false) { title }', events: 3 },
    { selection: 'durationSeconds title', events: 1 },
    { selection: '__typename tempConferenceId', events: 1 },
  ])('with only { $selection } selected gets $events events in two polls', async ({ selection, events }) => {
    scene.set('1', { title: 'same', status: 2, confDuration: 1 });
    await using viewer = await watch(scene.gateway.url, conference(selection));
    await viewer.waitFor(1);
    await scene.poll();
    scene.set('1', { title: 'same', status: 2, confDuration: 2 });
    await scene.poll();
    expect(viewer.events).toHaveLength(events);
  });

  it('is the same with the default of a variable as with an equal value', async () => {
    const document = `subscription ($id: ID = "1", $s: Boolean = true) {
      conference(tempConferenceId: $id) { durationSeconds title @skip(if: $s) } }`;
    await using viewer = await watch(scene.gateway.url, document);
    await viewer.waitFor(1);
    await scene.poll();
    expect(viewer.events).toHaveLength(2);
  });
});
