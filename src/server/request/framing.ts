import type { IncomingMessage } from 'node:http';

/**
 * Whether a proxy in front of us could see other requests in these bytes than we do, though Node's parser lets them pass: a host
 * that is not named once, a body in a coding that we do not undo, or the HTTP of before there were headers.
 */
export function isAmbiguous({ httpVersion, rawHeaders, headers }: IncomingMessage): boolean {
  if (httpVersion === '0.9') return true;
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.toLowerCase() === 'host').length;
  if (hosts > 1 || (hosts === 0 && httpVersion === '1.1')) return true;
  const coding = headers['transfer-encoding'];
  // HTTP/1.0 has no chunks.
  return coding !== undefined && (httpVersion !== '1.1' || coding.toLowerCase() !== 'chunked');
}
