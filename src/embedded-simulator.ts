import type { Samples } from './server/graphiql-tabs.ts';

/** The simulator inside the gateway's process, and what to try on it. */
export interface EmbeddedSimulator {
  readonly url: URL;
  readonly samples: Samples;
  /** A line each, for who has just started the gateway. */
  readonly hints: readonly string[];
  close(): Promise<void>;
}

const samples = { conferenceId: '56039682', movingId: '56039683', failingId: '56039701' };

/** Loads the simulator only now: a gateway with an upstream has no use for it. */
export async function startEmbeddedSimulator(): Promise<EmbeddedSimulator> {
  const [{ startSimulator }, { developmentToken, worldIds }] = await Promise.all([
    import('./simulator/simulator.ts'),
    import('./simulator/world.ts'),
  ]);
  const simulator = await startSimulator();
  const shown: readonly string[] = Object.values(samples);
  return {
    url: simulator.url,
    samples: { ...samples, token: developmentToken },
    hints: [
      `token: ${developmentToken}`,
      ...worldIds
        .filter(({ id }) => shown.includes(id))
        .map(({ id, about }) => `tempConferenceId: ${id}  ${about.en}`),
    ],
    close: () => simulator.close(),
  };
}
