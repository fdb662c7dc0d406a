import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domains } from '../../src/gateway/domains.ts';
import { loadConference } from '../../src/domains/conference/loader.ts';
import { loadParticipants } from '../fixtures/participants/loader.ts';
import { participants } from '../fixtures/participants/participants.ts';
import type { QueryResolvers } from '../generated/resolvers.ts';
import { watch } from '../support/event-stream.ts';
import { type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { record } from '../support/upstream.ts';

let scene: LiveScene;
beforeEach(async () => {
  scene = await startLiveScene({}, { domains: [...domains, participants] });
});
afterEach(() => scene[Symbol.asyncDispose]());

const person = (nickname: string, duration: number) => ({
  nickname,
  connections: [{ connectionId: 1, duration }],
});
const subscription = `subscription { participants(tempConferenceId: "1") {
  participants { name connections { lasted: durationSeconds } } } }`;

describe('a second domain', () => {
  it('is live by its own definitions: self-moving fields in a list of a list, and the end of a record', async () => {
    scene.set('1', { participants: [person('Anna', 1)] });
    await using viewer = await watch(scene.gateway.url, subscription);
    await viewer.waitFor(1);
    scene.set('1', { participants: [person('Anna', 3)] });
    await scene.poll();
    expect(viewer.events).toHaveLength(1);
    scene.set('1', { participants: [person('Anna', 5), person('Ben', 0)] });
    await scene.poll();
    expect(viewer.data.at(-1)).toEqual({
      participants: {
        participants: [
          { name: 'Anna', connections: [{ lasted: 5 }] },
          { name: 'Ben', connections: [{ lasted: 0 }] },
        ],
      },
    });
    scene.set('1', { participants: [], closed: true });
    await scene.poll();
    await scene.poll();
    await viewer.end();
    expect(viewer.events.map(({ type }) => type)).toEqual(['next', 'next', 'next', 'complete']);
  });

  it('is polled beside the first for the same caller and ID, each at its own path', async () => {
    scene.set('1', { title: 'A', status: 2, participants: [person('Anna', 1)] });
    await using conference = await watch(
      scene.gateway.url,
      'subscription { conference(tempConferenceId: "1") { title } }',
    );
    await conference.waitFor(1);
    await using people = await watch(scene.gateway.url, subscription);
    await people.waitFor(1);
    expect(people.data).toEqual([
      { participants: { participants: [{ name: 'Anna', connections: [{ lasted: 1 }] }] } },
    ]);
    const paths = scene.upstream.received.map(({ path }) => path);
    expect(paths).toHaveLength(2);
    expect(new Set(paths).size).toBe(2);
  });

  it('gets the answer of each endpoint for the same ID, where one subscription loads both', async () => {
    const Query: Pick<QueryResolvers, 'participants'> = {
      participants: async (_query, { tempConferenceId }, context) => {
        await loadConference(tempConferenceId, context);
        return loadParticipants(tempConferenceId, context);
      },
    };
    const both = { ...participants, resolvers: { ...participants.resolvers, Query } };
    await using joint = await startLiveScene({}, { domains: [...domains, both] });
    joint.set('1', (received, response) =>
      record(received.path.endsWith('/participants') ? { participants: [person('Anna', 1)] } : { status: 2 })(
        received,
        response,
      ),
    );
    await using viewer = await watch(joint.gateway.url, subscription);
    await viewer.waitFor(1);
    expect(viewer.data).toEqual([
      { participants: { participants: [{ name: 'Anna', connections: [{ lasted: 1 }] }] } },
    ]);
    expect(joint.upstream.received).toHaveLength(2);
  });
});
