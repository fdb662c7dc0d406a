import { createServer } from 'node:net';

/**
 * The default host: `::`, which accepts IPv4 too, or `0.0.0.0` if the machine has no IPv6.
 *
 * @param onFallback is called with the system's error code if it is `0.0.0.0`.
 */
export async function anyAddress(onFallback: (reason: string) => void): Promise<'::' | '0.0.0.0'> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(0, '::', resolve);
    });
    return '::';
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : '';
    // Listening on the real port reports any other error.
    if (reason !== 'EAFNOSUPPORT' && reason !== 'EADDRNOTAVAIL') return '::';
    onFallback(reason);
    return '0.0.0.0';
  } finally {
    server.close();
  }
}
