import { GraphQLSchema, parse } from 'graphql';
import { type ConnectionInitMessage, makeServer, type Server, type SubscribePayload } from 'graphql-ws';
import type { TraceContext } from '../../base/traceparent.ts';
import type { Caller } from '../../upstream/caller.ts';
import { clientNameOf } from '../request/client-name.ts';
import { readToken } from '../request/credentials.ts';
import { answerOperation } from './answer-operation.ts';
import { createEnding, type Ending, OperationRefused } from './ending.ts';
import { headersByName, headersInInit } from './init.ts';
import type { Outbox } from './outbox.ts';
import type { Session } from './session.ts';
import { type OperationOptions, SocketOperation } from './socket-operation.ts';

export interface ProtocolOptions extends OperationOptions {
  readonly callerOf: (token: string | undefined) => Caller;
  readonly clients: ReadonlySet<string>;
}

/** What the protocol's server keeps of a socket for us. */
export interface SocketExtra {
  readonly session: Session;
  readonly outbox: Outbox;
  /** Of the upgrade. */
  readonly rawHeaders: readonly string[];
  readonly incoming: TraceContext | undefined;
}

const initTimeoutMs = 5000;
/** Each message repeats it. */
const maxIdLength = 128;

/** graphql-transport-ws: the library keeps the order of its messages, and what is asked is answered as over HTTP. */
export function createProtocol(options: ProtocolOptions): Server<SocketExtra> {
  // To the library every operation is something that it iterates over. What it is has to be read by those who limit documents.
  const anything = {
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
    onSubscribe: () => anything,
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
  if (id.length > maxIdLength) session.close(4400, `IDs have ${maxIdLength} characters at most`, 'misuse');
  // A socket that closes leaves its operations open: their client asks again on its next one.
  if (!peer || session.end) return createEnding(() => undefined).results;
  const operation = new SocketOperation(id, { session, peer, outbox, incoming }, options);
  void answerOperation(operation, payload, options);
  return operation.ending.results;
}
