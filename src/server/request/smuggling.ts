import type { IncomingMessage } from 'node:http';

/**
 * Whether a proxy in front of the gateway could split the same bytes into other requests (request smuggling). Node's parser accepts
 * these: no or several Host headers, a transfer coding other than chunked, and HTTP/0.9, which has no headers.
 */
export function isAmbiguous({ httpVersion, rawHeaders, headers }: IncomingMessage): boolean {
  if (httpVersion === '0.9') return true;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // The length first: lower-casing every name would cost more than the rest of this function.
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return true;
  const coding = headers['transfer-encoding'];
  // HTTP/1.0 has no chunked coding.
  return coding !== undefined && (httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked');
}
