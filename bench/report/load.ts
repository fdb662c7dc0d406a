import { type Connection, openConnection } from './connection.ts';

/** Makes the request of a number: each asks for something else, or some ask for the same. */
export type RequestOf = (count: number) => string;

export interface Round {
  readonly requests: number;
  readonly perSecond: number;
  /** In milliseconds, in order of size. */
  readonly latencies: readonly number[];
}

/** So many connections, each of which asks again as soon as it has its answer. */
export interface Load {
  run(durationMs: number): Promise<Round>;
  end(): void;
}

/** How many questions have been asked: each gets the next number, also by a later load. */
export interface Counter {
  asked: number;
}

/**
 * @param requestOf is called with a number that never comes twice.
 * @param isGood says of an answer whether it is what was asked for: a server that fails is fast.
 */
export async function openLoad(
  port: number,
  connections: number,
  requestOf: RequestOf,
  isGood: (body: string) => boolean,
  counter: Counter,
): Promise<Load> {
  const open: Connection[] = [];
  for (let count = 0; count < connections; count += 1) open.push(await openConnection(port));

  return {
    async run(durationMs) {
      const latencies: number[] = [];
      const startedAt = performance.now();
      const endsAt = startedAt + durationMs;
      const keepAsking = async (connection: Connection) => {
        for (let now = performance.now(); now < endsAt; ) {
          const body = await connection.ask(requestOf(counter.asked++));
          const answeredAt = performance.now();
          latencies.push(answeredAt - now);
          now = answeredAt;
          if (!isGood(body)) throw new Error(`Not the answer that was asked for: ${body.slice(0, 300)}`);
        }
      };
      await Promise.all(open.map(keepAsking));
      const tookMs = performance.now() - startedAt;
      return {
        requests: latencies.length,
        perSecond: (latencies.length * 1000) / tookMs,
        latencies: latencies.sort((one, other) => one - other),
      };
    },
    end: () => {
      for (const connection of open) connection.end();
    },
  };
}
