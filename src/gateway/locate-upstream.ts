import { type Domain, simulatedEndpoints } from '../graphql/domain.ts';
import type { EmbeddedSimulator } from '../simulator/embedded.ts';

export interface UpstreamLocation {
  readonly url: URL;
  /** Undefined if `UPSTREAM_URL` is set. */
  readonly simulator: EmbeddedSimulator | undefined;
}

/** The upstream at `UPSTREAM_URL`, or else the embedded simulator. The simulator's code is loaded only if it is used. */
export async function locateUpstream(
  url: URL | undefined,
  domains: readonly Domain[],
): Promise<UpstreamLocation> {
  if (url) return { url, simulator: undefined };
  const { startEmbeddedSimulator } = await import('../simulator/embedded.ts');
  const simulator = await startEmbeddedSimulator(await simulatedEndpoints(domains));
  return { url: simulator.url, simulator };
}
