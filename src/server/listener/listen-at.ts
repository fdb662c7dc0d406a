import { SettingError } from '../../base/setting-error.ts';
import type { Front } from './front.ts';
import { listen, type Listening, type ListenOptions } from './listen.ts';

// These depend on the host, not on the port: the message then names HOST.
const addressFaults: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAFNOSUPPORT',
  'EAI_AGAIN',
  'ENOTFOUND',
]);

/**
 * Listens on the port of a setting.
 *
 * @param setting the name of that setting, for the error message.
 * @throws (rejects with) a SettingError if it cannot listen there.
 */
export async function listenAt(setting: string, front: Front, options: ListenOptions): Promise<Listening> {
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
