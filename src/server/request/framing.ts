import type { IncomingMessage } from 'node:http';

/**
 * Whether a proxy in front of us could see other requests in these bytes than we do, though Node's parser lets them pass: a host
 * that is not named once, a body in a coding that we do not undo, or the HTTP of before there were headers.
 */
export function isAmbiguous({ httpVersion, rawHeaders, headers }: IncomingMessage): boolean {
  if (httpVersion === '0.9') return true;
  let hosts = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    // By its length first: to lower the case of each name costs more than all else here.
    if (name.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return true;
  const coding = headers['transfer-encoding'];
  // HTTP/1.0 has no chunks.
  return coding !== undefined && (httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked');
}
