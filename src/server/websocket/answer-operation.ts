import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { Sink } from '../../graphql/live/sink.ts';
import { overloaded } from '../overloaded.ts';
import { errorOf, type Refusal } from '../refusal.ts';
import { type Asked, checkAsked } from '../request/asked.ts';
import { streamRetrySeconds } from '../streams/timing.ts';
import type { OperationOptions, SocketOperation } from './socket-operation.ts';

/** Maximum operations of one socket at the same time. */
const maxOperations = 100;

// With this media type, the answer to a document that is refused has another status than 200: it becomes an `error` message.
const how = { method: 'POST', headers: { accept: 'application/graphql-response+json' } } as const;

/** Answers a query, or starts a stream, as it would be over HTTP. Never rejects. */
export async function answerOperation(
  operation: SocketOperation,
  payload: SubscribePayload,
  options: OperationOptions,
): Promise<void> {
  const { report } = operation.context.operation;
  try {
    if (operation.socket.session.underWay > maxOperations || !hasRoom(operation, options))
      return refuse(operation, overloaded);
    // A query that is missing came here as an empty text: graphql-ws needs one.
    const reading = checkAsked({ ...payload, query: payload.query || undefined });
    if ('problem' in reading) return refuse(operation, { status: 400, message: reading.problem });
    const { query, documentId, ...rest } = reading.asked;
    const chosen = options.chooseDocument({ query, documentId });
    if (!('query' in chosen)) {
      const { code, message } = chosen;
      if (!chosen.ok) return refuse(operation, { status: 400, code, message });
      report.addCode(code);
      return operation.answer(JSON.stringify({ errors: [errorOf({ code, message })] }));
    }
    report.documentOrigin = chosen.origin;
    await answerChosen(operation, { query: chosen.query, ...rest }, options);
  } catch (error) {
    if (operation.isOver) return;
    options.emit({ event: 'defect', ...options.describeDefect(error), requestId: operation.facts.requestId });
    refuse(operation, { status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'The gateway failed.' });
  }
}

function refuse(operation: SocketOperation, refusal: Refusal): void {
  const error = errorOf(refusal);
  operation.context.operation.report.addCode(error.extensions.code);
  operation.refuse(refusal.status, [error]);
}

function hasRoom(operation: SocketOperation, { places }: OperationOptions): boolean {
  operation.place = places.take();
  return operation.place?.hold(operation.socket.session.messageBytes) === true;
}

async function answerChosen(
  operation: SocketOperation,
  asked: Asked,
  options: OperationOptions,
): Promise<void> {
  const { context } = operation;
  const short = await options.shortPath?.(asked, context);
  if (operation.isOver) return;
  if (short !== undefined) return operation.answer(short);
  const document = options.subscriptionOf(asked);
  if (document) return follow(operation, asked, document, options);
  const answer = await options.handle(asked, how, context);
  const text = await answer.text();
  if (operation.isOver) return;
  if (answer.status === 200) return operation.answer(text);
  const { errors }: { readonly errors: readonly GraphQLFormattedError[] } = JSON.parse(text);
  operation.refuse(answer.status, errors);
}

function follow(
  operation: SocketOperation,
  { query, operationName, variables = {} }: Asked,
  document: DocumentNode,
  { live }: OperationOptions,
): void {
  const { context, facts, socket } = operation;
  // From here on it is limited as a stream: viewers that wait for a slow upstream must not take the places of queries.
  operation.place?.giveBack();
  const sink: Sink = {
    next: ({ json, codes }) => operation.event(json, codes),
    complete: () => operation.complete(),
    interrupt: (_error, reason) => operation.interrupt(reason),
    refuse({ message, extensions: { code } }) {
      // Better than an error: when the socket closes, its client asks again by itself.
      if (code === 'STREAM_ENDED') return operation.interrupt('shutdown');
      refuse(operation, { status: 503, code, message, retryAfterSeconds: streamRetrySeconds });
    },
  };
  operation.follow(
    live.subscribe(
      {
        caller: socket.peer.caller,
        requestId: facts.requestId,
        client: facts.client,
        documentOrigin: context.operation.report.documentOrigin,
        query,
        document,
        operationName,
        variables,
        transport: 'websocket',
      },
      sink,
    ),
  );
}
