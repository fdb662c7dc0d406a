import { type Gateway, type GatewayName, startGateway, startUpstream, type Upstream } from './children.ts';
import type { Behaviour } from './upstream.ts';

/** An upstream and a gateway in front of it, fresh for one measurement. */
export interface Stand {
  readonly upstream: Upstream;
  readonly gateway: Gateway;
}

/** Builds a stand, measures with it, and takes it down whatever happens. */
export async function withStand<T>(
  name: GatewayName,
  behaviour: Behaviour,
  settings: Readonly<Record<string, string>>,
  measure: (stand: Stand) => Promise<T>,
): Promise<T> {
  const upstream = await startUpstream(behaviour);
  try {
    const gateway = await startGateway(name, upstream, settings);
    try {
      return await measure({ upstream, gateway });
    } finally {
      await gateway.stop();
    }
  } finally {
    await upstream.stop();
  }
}
