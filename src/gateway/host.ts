import type { Emit } from '../observe/events.ts';
import { anyAddress } from '../server/listener/any-address.ts';
import type { Config } from '../settings/config.ts';

/** The address to listen on: `HOST`, or its default. In production that is every address, over IPv4 alone if there is no IPv6. */
export async function listeningHost({ host, isHostSet }: Config, emit: Emit): Promise<string> {
  if (isHostSet || host !== '::') return host;
  return anyAddress((reason) =>
    emit({
      event: 'setting',
      problem: `HOST: this machine has no IPv6 (${reason}), so the default is 0.0.0.0 instead of ::`,
    }),
  );
}
