import { GraphQLSchema, parse } from 'graphql';
import { type ConnectionInitMessage, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { TraceContext } from '../../base/traceparent.ts';
import type { Caller } from '../../upstream/caller.ts';
import { clientNameOf } from '../request/client-name.ts';
import { readToken } from '../request/credentials.ts';
import { answerOperation } from './answer-operation.ts';
import { createEnding, type Ending, OperationRefused } from './ending.ts';
import { headersByName, headersInInit } from './connection-init.ts';
import type { Outbox } from './outbox.ts';
import type { Session } from './session.ts';
import { type OperationOptions, SocketOperation } from './socket-operation.ts';

export interface ProtocolOptions extends OperationOptions {
  readonly callerOf: (token: string | undefined) => Caller;
  readonly clients: ReadonlySet<string>;
}

/** Our data about a socket, which graphql-ws passes back to us. */
export interface SocketExtra {
  readonly session: Session;
  readonly outbox: Outbox;
  /** The headers of the upgrade. */
  readonly rawHeaders: readonly string[];
  /** The trace context of the upgrade. */
  readonly incoming: TraceContext | undefined;
}

const initTimeoutMs = 5000;
/** Each message of the operation repeats the ID. */
const maxIdLength = 128;

/** The protocol graphql-transport-ws. The library graphql-ws checks the order of messages; operations are answered as over HTTP. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  // graphql-ws must not parse documents: the gateway does that, within its limits. For graphql-ws, every operation is this one.
  const placeholder = {
    schema: new GraphQLSchema({}),
    document: parse('subscription { anything }'),
    rootValue: undefined,
    contextValue: undefined,
  };
  return makeServer<ConnectionInitMessage['payload'], SocketExtra>({
    connectionInitWaitTimeout: initTimeoutMs,
    onConnect: ({ connectionParams, extra: { session, rawHeaders } }) => {
      const init = headersInInit(connectionParams);
      const given = [...rawHeaders, ...init];
      session.peer = {
        caller: options.callerOf(readToken(given)),
        canRenew: readToken(init) !== undefined,
        client: clientNameOf(headersByName(given), options.clients),
      };
    },
    onSubscribe: () => placeholder,
    subscribe: () => ({}),
    onOperation: ({ extra }, id, payload) => begin(extra, id, payload, options),
    onError: (_context, _id, _payload, errors) =>
      errors.flatMap(({ originalError }) =>
        originalError instanceof OperationRefused ? originalError.errors : [],
      ),
  });
}

function begin(
  { session, outbox, incoming }: SocketExtra,
  id: string,
  payload: SubscribePayload,
  options: ProtocolOptions,
): Ending['results'] {
  const { peer } = session;
  if (id.length > maxIdLength) session.close(4400, `An ID has at most ${maxIdLength} characters`, 'misuse');
  // On a socket that closes, operations stay open: the client asks again on its next socket.
  if (!peer || session.end) return createEnding(() => undefined).results;
  const operation = new SocketOperation(id, { session, peer, outbox, incoming }, options);
  void answerOperation(operation, payload, options);
  return operation.ending.results;
}
