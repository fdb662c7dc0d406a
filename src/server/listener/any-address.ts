import { createServer } from 'node:net';

/**
 * `::`, which takes IPv4 too; `0.0.0.0` where the machine has no IPv6.
 *
 * @param onFallback is told the system's word for it.
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
    // Any other fault is told where the port itself is listened on.
    if (reason !== 'EAFNOSUPPORT' && reason !== 'EADDRNOTAVAIL') return '::';
    onFallback(reason);
    return '0.0.0.0';
  } finally {
    server.close();
  }
}
