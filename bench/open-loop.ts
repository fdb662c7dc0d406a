import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import type { Arrival } from './arrivals.ts';
import { median, percentile } from './percentile.ts';

/** What came of one arrival. */
export interface Shot extends Arrival {
  /** `data`, the code of the first GraphQL error, `HTTP …`, `left` when the caller hung up, or `no connection`. */
  readonly outcome: string;
  /** From the moment it was due, not from the moment it was sent: a late generator must not flatter the gateway. */
  readonly latencyMs: number;
}

export interface Volley {
  readonly shots: readonly Shot[];
  /** Moment of `performance.timeOrigin`'s clock, in milliseconds since 1970, that every `atMs` counts from. */
  readonly startedAt: number;
  /** How late requests were sent, 99th percentile. Beyond a few milliseconds the generator was the bottleneck. */
  readonly lagMs: number;
}

const document = `query Card($id: ID!) {
  conference(tempConferenceId: $id) {
    tempConferenceId title status startTime durationSeconds host { name } counters { attendees voipConnections }
  }
}`;

/**
 * Sends every arrival when it is due, however many are still unanswered: the load does not slow down with the gateway, as
 * the callers of a real one would not. Resolves when the last has its outcome.
 */
export async function fire(url: string, arrivals: readonly Arrival[]): Promise<Volley> {
  const connections = keepConnections(url);
  const lags: number[] = [];
  const shots: Promise<Shot>[] = [];
  const startedAt = performance.timeOrigin + performance.now();
  const elapsedMs = () => performance.timeOrigin + performance.now() - startedAt;
  for (const arrival of arrivals) {
    while (elapsedMs() < arrival.atMs) await sleep(Math.max(1, arrival.atMs - elapsedMs()));
    lags.push(elapsedMs() - arrival.atMs);
    shots.push(
      connections.ask(arrival, arrival.atMs + arrival.leavesAfterMs - elapsedMs()).then((outcome) => ({
        ...arrival,
        outcome,
        latencyMs: elapsedMs() - arrival.atMs,
      })),
    );
  }
  const settled = await Promise.all(shots);
  await connections.close();
  return { shots: settled, startedAt, lagMs: percentile(lags, 99) };
}

/** How many requests a second are answered with data when so many are always under way. */
export async function saturate(url: string, underWay: number, durationMs: number): Promise<number> {
  const connections = keepConnections(url);
  const endsAt = performance.now() + durationMs;
  let answered = 0;
  const keepAsking = async (token: string) => {
    for (let count = 0; performance.now() < endsAt; count += 1) {
      if ((await connections.ask({ token, id: `${token}-${count}` }, durationMs)) === 'data') answered += 1;
    }
  };
  await Promise.all(Array.from({ length: underWay }, (_, index) => keepAsking(`busy-${index}`)));
  await connections.close();
  return (answered * 1000) / durationMs;
}

/** Connections that are used again once free. A pool of undici looks through all of its own, dear when there are thousands. */
function keepConnections(url: string) {
  const { origin, pathname } = new URL(url);
  const all = new Set<Client>();
  const free: Client[] = [];

  async function ask({ token, id }: Pick<Arrival, 'token' | 'id'>, patienceMs: number): Promise<string> {
    const client = free.pop() ?? new Client(origin);
    all.add(client);
    let outcomeOfFailure = 'no connection';
    const leaving = setTimeout(
      () => {
        outcomeOfFailure = 'left';
        // Not by a signal: a request that still waits for its connection would not hear it.
        void client.destroy();
      },
      Math.max(0, patienceMs),
    );
    try {
      const { statusCode, body } = await client.request({
        method: 'POST',
        path: pathname,
        headers: { 'content-type': 'application/json', accept: 'application/json', token },
        body: JSON.stringify({ query: document, variables: { id } }),
      });
      const outcome = outcomeOf(await body.text(), statusCode, id);
      free.push(client);
      return outcome;
    } catch {
      all.delete(client);
      void client.destroy();
      return outcomeOfFailure;
    } finally {
      clearTimeout(leaving);
    }
  }

  return { ask, close: () => Promise.all([...all].map((client) => client.destroy())) };
}

function outcomeOf(text: string, statusCode: number, id: string): string {
  if (statusCode !== 200) return `HTTP ${statusCode}`;
  const answer = JSON.parse(text);
  const error = answer.errors?.[0];
  if (error !== undefined) return error.extensions?.code ?? 'no code';
  return answer.data.conference.tempConferenceId === id ? 'data' : 'a foreign record';
}

/** Median latency of those with an outcome, in milliseconds; NaN where there are none. */
export const medianLatencyMs = (shots: readonly Shot[]) => median(shots.map(({ latencyMs }) => latencyMs));
