import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { watch } from '../support/event-stream.ts';
import { intervalMs, type LiveScene, startLiveScene } from '../support/live-scene.ts';
import { scrape } from '../support/metrics.ts';
import { record, type Received, text } from '../support/upstream.ts';

let scene: LiveScene;
afterEach(() => scene[Symbol.asyncDispose]());

const single = (id: string) => `subscription { conference(tempConferenceId: "${id}") { title } }`;
const skipped = () => scene.gateway.events.filter(({ event }) => event === 'pollsSkipped');

describe('a poll that finds no capacity', () => {
  it('is skipped without an error to its viewer; one event a minute names the settings that help', async () => {
    // Polls may take half of the turns: one.
    scene = await startLiveScene({ UPSTREAM_CONCURRENCY: '2', UPSTREAM_TIMEOUT_MS: '60000' });
    const viewers = [
      await watch(scene.gateway.url, single('slow')),
      await watch(scene.gateway.url, single('quick')),
    ];
    for (const viewer of viewers) await viewer.waitFor(1);
    const held: (() => void)[] = [];
    scene.set('slow', (received, response) => {
      held.push(() => record({ title: 'slow', status: 2 })(received, response));
    });
    scene.set('quick', { title: 'changed', status: 2 });
    for (let at = 0; held.length === 0; at += 1) {
      if (at > 100) throw new Error('nothing was asked');
      scene.clock.advance(intervalMs / 10);
      await scene.settle().catch(() => undefined);
    }
    for (let tick = 0; tick < 10; tick += 1) {
      scene.clock.advance(intervalMs * 1.1);
      for (let turns = 0; turns < 10; turns += 1) await turn();
    }
    expect(skipped()).toHaveLength(1);
    expect(skipped().at(-1)).toMatchObject({
      settings: ['UPSTREAM_CONCURRENCY', 'LIVE_INTERVAL_MS', 'LIVE_MAX_WATCHED'],
    });
    // A query is served meanwhile.
    const { data } = await scene.gateway.ask('{ conference(tempConferenceId: "query") { title } }');
    expect(data).toEqual({ conference: { title: 'Conference query' } });
    expect(JSON.stringify(viewers.map(({ events }) => events))).not.toContain('errors');
    // If its next poll were held again, it could take the only turn before the other poll is due.
    scene.set('slow', { title: 'slow', status: 2 });
    for (const answer of held) answer();
    // The next poll comes within an interval and its jitter, or one interval later if both polls are due in the same step.
    for (let at = 0; at < 100 && viewers[1]?.data.length === 1; at += 1) {
      await scene.settle();
      scene.clock.advance(intervalMs / 10);
      for (let turns = 0; turns < 10; turns += 1) await turn();
    }
    await vi.waitFor(() => expect(viewers[1]?.data.at(-1)).toEqual({ conference: { title: 'changed' } }));
    for (const viewer of viewers) viewer.leave();
  });
});

describe('a viewer that joins', () => {
  it('gets a fresh answer if the last record is older than one interval', async () => {
    scene = await startLiveScene();
    // While the answer is held, the last record becomes older than one interval.
    let hold = false;
    const held: (() => void)[] = [];
    scene.set('1', (received, response) => {
      const answer = () => record({ title: hold ? 'new' : 'old', status: 2 })(received, response);
      if (hold) held.push(answer);
      else answer();
    });
    await using first = await watch(scene.gateway.url, single('1'));
    await first.waitFor(1);
    hold = true;
    scene.clock.advance(intervalMs * 1.2);
    await vi.waitFor(() => expect(held).toHaveLength(1));
    const joining = watch(scene.gateway.url, single('1'));
    for (let turns = 0; turns < 50; turns += 1) await turn();
    for (const answer of held) answer();
    await using second = await joining;
    await second.waitFor(1);
    expect(second.data).toEqual([{ conference: { title: 'new' } }]);
    expect(scene.upstream.received).toHaveLength(2);
  });
});

describe('a poller', () => {
  it('sends its own request ID with each poll, and never makes two calls at once', async () => {
    scene = await startLiveScene();
    let underWay = 0;
    const both: Received[] = [];
    scene.set('1', (received, response) => {
      both.push(received);
      underWay += 1;
      if (underWay > 1) throw new Error('two questions at once');
      response.once('finish', () => (underWay -= 1));
      record({ title: 'x', status: 2 })(received, response);
    });
    await using viewer = await watch(scene.gateway.url, single('1'), { headers: { 'x-request-id': 'mine' } });
    await viewer.waitFor(1);
    await scene.poll();
    await scene.poll();
    const ids = both.map(({ headers }) => headers['x-request-id']);
    expect(ids[0]).toBe('mine');
    expect(new Set(ids).size).toBe(3);
  });

  it('polls less often while the upstream fails, and counts as failing', async () => {
    scene = await startLiveScene({ METRICS_PORT: '0' });
    await using viewer = await watch(scene.gateway.url, single('1'));
    await viewer.waitFor(1);
    scene.set('1', text('', 500));
    const times: number[] = [];
    for (let call = 0; call < 5; call += 1) {
      await scene.pollLater();
      times.push(scene.clock.now());
    }
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(gaps[0]).toBeGreaterThan(intervalMs * 1.5);
    expect(gaps.at(-1)).toBeGreaterThan(8000);
    expect(gaps.at(-1)).toBeLessThan(12_000);
    const { values } = await scrape(scene.gateway);
    expect(values.get('gateway_live_streams')).toBe(1);
    expect(values.get('gateway_live_pollers')).toBe(1);
    expect(values.get('gateway_live_pollers_failing')).toBe(1);
    expect(values.get('gateway_live_events_total')).toBe(2);
    expect(values.get('gateway_live_streams_ended_total{reason="age"}')).toBe(0);
    viewer.leave();
    await vi.waitFor(async () => {
      const { values } = await scrape(scene.gateway);
      expect(values.get('gateway_live_streams_ended_total{reason="client_left"}')).toBe(1);
      expect(values.get('gateway_live_pollers')).toBe(0);
    });
  });
});
