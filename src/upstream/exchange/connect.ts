import type { LookupAddress } from 'node:dns';
import { connect as connectPlain, isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectSecure } from 'node:tls';
import type { buildConnector } from 'undici';
import { createResolver, type ResolverParts } from './resolver.ts';
import { createSuspects } from './suspects.ts';

/** A socket that is being opened. */
export interface Opening {
  /** Ends it in any state, also while the name is resolved; nothing is called back then. */
  destroy(): void;
}

export interface OpeningOptions {
  /** In the clock's milliseconds. The addresses of a name share what is left until then. */
  readonly deadline: number;
  /** Is handed the socket before it connects. */
  readonly watch: (socket: Socket) => void;
}

/** A lost SYN is sent again after one second: an address that gets less is given up for one lost packet. */
const minAttemptMs = 1200;

/**
 * Opens sockets to an origin, plain or TLS. Not the client's own connector: that hands no socket out, and one that is still
 * connecting could not be ended with its call. The call's deadline is the only time limit here.
 */
export function createConnect({ protocol, hostname, port }: URL, parts: ResolverParts) {
  const { clock } = parts;
  const isSecure = protocol === 'https:';
  const host = hostname.replace(/^\[|\]$/g, '');
  const origin = { host, port: Number(port || (isSecure ? 443 : 80)) };
  const resolve = createResolver(host, parts);
  const suspects = createSuspects(clock);
  // Each connection is new after some seconds: to resume costs the upstream less than to begin.
  let session: Buffer | undefined;

  const openSecure = (options: ConnectOptions) => {
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

  return (callback: buildConnector.Callback, { deadline, watch }: OpeningOptions): Opening => {
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
