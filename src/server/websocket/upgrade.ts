import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';

/** The only supported subprotocol. The older `graphql-ws` is not supported. */
export const subprotocol = 'graphql-transport-ws';

/** Whether a request asks for a WebSocket. Offers of other protocols, such as `h2c`, are ignored. */
export function asksForWebSocket({ method, headers, httpVersion }: IncomingMessage): boolean {
  return method === 'GET' && httpVersion === '1.1' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Why a request for a WebSocket is refused; undefined if it is not. */
export function refusalOfUpgrade(
  { headers }: IncomingMessage,
  corsOrigins: readonly string[],
): Refusal | undefined {
  const { origin, host = '' } = headers;
  if (origin !== undefined && !corsOrigins.includes(origin) && !isOwn(origin, host))
    return { status: 403, message: 'Pages of this origin are not allowed.' };
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    return { status: 400, message: 'A request for a WebSocket must not have a body.' };
  if (headers['sec-websocket-version'] !== '13')
    return {
      status: 426,
      message: 'The WebSocket version must be 13.',
      headers: { 'sec-websocket-version': '13', upgrade: 'websocket' },
    };
  if (!/^[+/\dA-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
    return { status: 400, message: 'The request has no valid Sec-WebSocket-Key.' };
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(subprotocol))
    return { status: 400, message: `The subprotocol must be ${subprotocol}.` };
  return undefined;
}

// Schemes are not compared, because a proxy may have terminated TLS. The page's scheme only gives the default port.
function isOwn(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  return page !== null && page.host !== '' && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}
