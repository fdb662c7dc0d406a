import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { buildConnector } from 'undici';

/**
 * Opens sockets to an origin, plain or TLS. Not the client's own connector: that hands no socket out, and one that is still
 * connecting could not be ended with its call. The call's deadline is the only time limit here.
 */
export function createConnect({ protocol, hostname, port }: URL, lookup: LookupFunction | undefined) {
  const isSecure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const options = { host, port: Number(port || (isSecure ? 443 : 80)), ...(lookup && { lookup }) };
  // Each connection is new after some seconds: to resume costs the upstream less than to begin.
  let session: Buffer | undefined;

  const openSecure = () => {
    const socket = connectSecure({
      ...options,
      ...(isIP(host) === 0 && { servername: host }),
      ...(session && { session }),
      ALPNProtocols: ['http/1.1'],
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says: a token goes to nobody else.
      rejectUnauthorized: true,
    });
    // A resumed TLS session skips the certificate check. Node gives out none of a socket whose certificate was refused.
    return socket.on('session', (newer) => (session = newer));
  };

  return (callback: buildConnector.Callback): Socket => {
    const socket = isSecure ? openSecure() : connectPlain(options);
    const fail = (error: Error) => callback(error, null);
    socket.setNoDelay(true);
    return socket.once('error', fail).once(isSecure ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail);
      callback(null, socket);
    });
  };
}
