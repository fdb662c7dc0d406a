import type { RequestListener } from 'node:http';
import { SettingError } from '../../base/setting-error.ts';
import { listen, type Listening, type ListenOptions } from './listen.ts';

// What is wrong with the address, whatever the port.
const addressFaults: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/**
 * Listens where a setting says, and names that setting where it cannot.
 *
 * @throws (rejects with) a SettingError.
 */
export async function listenAt(
  setting: string,
  front: RequestListener,
  options: ListenOptions,
): Promise<Listening> {
  try {
    return await listen(front, options);
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : 'for no known reason';
    const { host, port } = options;
    if (why === 'EADDRINUSE')
      throw new SettingError(
        `${setting}: ${port} on ${host} is in use; set another, or 0 for any that is free`,
      );
    throw new SettingError(
      `${addressFaults.has(why) ? 'HOST' : setting}: cannot listen on ${host} port ${port}: ${why}`,
    );
  }
}
