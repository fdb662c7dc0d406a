import type { SimulatedEndpoint } from './endpoint.ts';
import { startSimulator } from './simulator.ts';
import { developmentToken } from './tokens.ts';
import { worldIds } from './world.ts';

/** The simulator inside the gateway's process, and examples to try on it. */
export interface EmbeddedSimulator {
  readonly url: URL;
  readonly samples: typeof samples & { readonly token: string };
  /** Lines for the developer who has just started the gateway. */
  readonly hints: readonly string[];
  close(): Promise<void>;
}

const samples = { conferenceId: '56039682', movingId: '56039683', failingId: '56039701' };

/** Import this file by `import()`, and only if no `UPSTREAM_URL` is set. */
export async function startEmbeddedSimulator(
  endpoints: readonly SimulatedEndpoint[],
): Promise<EmbeddedSimulator> {
  const simulator = await startSimulator({ endpoints });
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
