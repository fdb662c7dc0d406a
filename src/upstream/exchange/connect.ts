import type { LookupAddress } from 'node:dns';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { buildConnector } from 'undici';
import { createResolver, type ResolverParts } from './resolver.ts';
import { createSuspects } from './suspects.ts';

/** A socket that is being opened. */
export interface Opening {
  /** Ends it in any state, even during name resolution. There is no callback then. */
  destroy(): void;
}

export interface OpeningOptions {
  /** In the clock's milliseconds. The addresses of a name share the remaining time. */
  readonly deadline: number;
  /** Receives the socket before it connects. */
  readonly watch: (socket: Socket) => void;
}

export type Connect = (callback: buildConnector.Callback, options: OpeningOptions) => Opening;

/** The system retransmits a lost SYN after one second: with less time, one lost packet would count as a dead address. */
const minAttemptMs = 1200;

/**
 * Opens sockets to an origin, plain or TLS. Not undici's own connector, which does not expose the socket, so that a call could not end it
 * while it connects. The call's deadline is the only timeout here.
 */
export function createConnect({ protocol, hostname, port }: URL, parts: ResolverParts): Connect {
  const { clock } = parts;
  const isSecure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const origin = { host, port: Number(port || (isSecure ? 443 : 80)) };
  const resolve = createResolver(host, parts);
  const suspects = createSuspects(clock);
  // Connections live only a few seconds: resuming a TLS session costs the upstream less than a full handshake.
  let session: Buffer | undefined;

  const openSecure = (options: ConnectOptions) => {
    const socket = connectSecure({
      ...options,
      ...(isIP(host) === 0 && { servername: host }),
      ...(session && { session }),
      ALPNProtocols: ['http/1.1'],
      // Overrides NODE_TLS_REJECT_UNAUTHORIZED: a token must never go to a server without a valid certificate.
      rejectUnauthorized: true,
    });
    // A resumed TLS session skips the certificate check. So only sessions of authorised sockets are kept: Node emits `session` for no other.
    return socket.on('session', (newer) => (session = newer));
  };

  const open = (
    options: ConnectOptions,
    watch: OpeningOptions['watch'],
    callback: buildConnector.Callback,
  ) => {
    const socket = isSecure ? openSecure(options) : connectPlain(options);
    watch(socket);
    suspects.watch(socket);
    const fail = (error: Error) => callback(error, null);
    socket.setNoDelay(true);
    return socket.once('error', fail).once(isSecure ? 'secureConnect' : 'connect', () => {
      socket.off('error', fail);
      callback(null, socket);
    });
  };

  return (callback, { deadline, watch }) => {
    let socket: Socket | undefined;
    let isDestroyed = false;
    if (isIP(host) !== 0) socket = open(origin, watch, callback);
    else
      resolve((error, addresses) => {
        if (isDestroyed) return;
        if (error) return callback(error, null);
        const shareMs = Math.floor((deadline - clock.now()) / addresses.length);
        socket = open(
          {
            ...origin,
            lookup: answering(suspects.inOrder(addresses)),
            autoSelectFamily: true,
            autoSelectFamilyAttemptTimeout: Math.max(minAttemptMs, shareMs),
          },
          watch,
          callback,
        );
      });
    return {
      destroy() {
        isDestroyed = true;
        socket?.destroy();
      },
    };
  };
}

interface ConnectOptions {
  readonly host: string;
  readonly port: number;
  readonly lookup?: LookupFunction;
  readonly autoSelectFamily?: boolean;
  readonly autoSelectFamilyAttemptTimeout?: number;
}

/** A lookup whose answer is known. */
const answering =
  (addresses: readonly LookupAddress[]): LookupFunction =>
  (_host, { all }, callback) => {
    const [first] = addresses;
    if (all || !first) callback(null, [...addresses]);
    else callback(null, first.address, first.family);
  };
