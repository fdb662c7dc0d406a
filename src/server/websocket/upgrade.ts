import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../refusal.ts';

/** The one subprotocol that is spoken. The older `graphql-ws` is not. */
export const subprotocol = 'graphql-transport-ws';

/** Whether a request asks for a WebSocket. Other protocols that are offered, such as `h2c`, are passed over. */
export function asksForWebSocket({ method, headers, httpVersion }: IncomingMessage): boolean {
  return method === 'GET' && httpVersion === '1.1' && headers.upgrade?.toLowerCase() === 'websocket';
}

/** Why a request for a WebSocket gets none; undefined where it may have one. */
export function refusalOfUpgrade(
  { headers }: IncomingMessage,
  corsOrigins: readonly string[],
): Refusal | undefined {
  const { origin, host = '' } = headers;
  if (origin !== undefined && !corsOrigins.includes(origin) && !isOwn(origin, host))
    return { status: 403, message: 'Pages of this origin may not ask here.' };
  if (headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) !== 0)
    return { status: 400, message: 'A request for a WebSocket has no body.' };
  if (headers['sec-websocket-version'] !== '13')
    return {
      status: 426,
      message: 'The version of WebSocket must be 13.',
      headers: { 'sec-websocket-version': '13', upgrade: 'websocket' },
    };
  if (!/^[+/\dA-Za-z]{22}==$/.test(headers['sec-websocket-key'] ?? ''))
    return { status: 400, message: 'The request has no Sec-WebSocket-Key.' };
  const offered = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  if (!offered.includes(subprotocol))
    return { status: 400, message: `The subprotocol must be ${subprotocol}.` };
  return undefined;
}

// The scheme is not ours to know: a proxy may have taken TLS off. It only says which port is the default.
function isOwn(origin: string, host: string): boolean {
  const page = URL.parse(origin);
  return page !== null && page.host !== '' && page.host === URL.parse(`${page.protocol}//${host}`)?.host;
}
