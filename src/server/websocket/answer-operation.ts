import type { DocumentNode, GraphQLFormattedError } from 'graphql';
import type { SubscribePayload } from 'graphql-ws';
import type { ErrorCode } from '../../graphql/error-codes.ts';
import type { Sink } from '../../graphql/live/sink.ts';
import { overloaded, streamRetrySeconds } from '../overloaded.ts';
import { type Asked, checkAsked } from '../request/asked.ts';
import type { OperationOptions, SocketOperation } from './socket-operation.ts';

/** Operations of one socket that may be under way at once. */
const maxOperations = 100;

// Yoga is told that a refused document has its own status: it becomes the protocol's `error` instead of a result.
const how = { method: 'POST', headers: { accept: 'application/graphql-response+json' } } as const;

/** Answers a query, or begins a stream, as it would be over HTTP. Never rejects. */
export async function answerOperation(
  operation: SocketOperation,
  payload: SubscribePayload,
  options: OperationOptions,
): Promise<void> {
  const { context, socket } = operation;
  const { report } = context.operation;
  const refuse = (status: number, code: ErrorCode, message: string, retryAfterSeconds?: number) => {
    report.addCode(code);
    const retry = retryAfterSeconds !== undefined && { retryable: true, retryAfterSeconds };
    operation.refuse(status, [{ message, extensions: { code, ...retry } }]);
  };
  try {
    if (socket.session.underWay > maxOperations || !hasRoom(operation, options))
      return refuse(503, 'OVERLOADED', overloaded.message, overloaded.retryAfterSeconds);
    // The library wants a query: without one it is given an empty text.
    const reading = checkAsked({ ...payload, query: payload.query || undefined });
    if ('problem' in reading) return refuse(400, 'BAD_REQUEST', reading.problem);
    const { query, documentId, ...rest } = reading.asked;
    const chosen = options.chooseDocument({ query, documentId });
    if (!('query' in chosen)) {
      const { code, message } = chosen;
      if (!chosen.ok) return refuse(400, code, message);
      report.addCode(code);
      return operation.answer(JSON.stringify({ errors: [{ message, extensions: { code } }] }));
    }
    report.documentOrigin = chosen.origin;
    await answerChosen(operation, { query: chosen.query, ...rest }, options);
  } catch (error) {
    if (operation.isOver) return;
    options.emit({ event: 'defect', ...options.describeDefect(error), requestId: operation.facts.requestId });
    refuse(500, 'INTERNAL_SERVER_ERROR', 'The gateway failed.');
  }
}

function hasRoom(operation: SocketOperation, { places }: OperationOptions): boolean {
  return places.take(operation) && places.hold(operation, operation.socket.session.messageBytes);
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
  { live, places }: OperationOptions,
): void {
  const { context, facts, socket } = operation;
  // From here on it counts as a stream: viewers that wait for a slow upstream must not lock queries out.
  places.giveBack(operation);
  const sink: Sink = {
    next: ({ json, codes }) => operation.event(json, codes),
    complete: () => operation.complete(),
    interrupt: (_error, reason) => operation.interrupt(reason),
    refuse(error) {
      const { code } = error.extensions;
      // The socket says it better: its client asks again by itself.
      if (code === 'STREAM_ENDED') return operation.interrupt('shutdown');
      context.operation.report.addCode(code);
      const extensions = { ...error.extensions, retryAfterSeconds: streamRetrySeconds };
      operation.refuse(503, [{ message: error.message, extensions }]);
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
