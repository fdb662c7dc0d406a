import type { IncomingMessage } from 'node:http';
import type { GatewayContext } from '../graphql/context.ts';
import type { Live } from '../graphql/live/live.ts';
import type { ChooseDocument } from '../graphql/trusted-documents/choose-document.ts';
import type { Emit } from '../observe/events.ts';
import type { BeginTrace } from '../observe/tracing/request-trace.ts';
import type { Caller } from '../upstream/caller.ts';
import type { Clock } from '../base/clock.ts';
import type { GraphiqlPage } from './graphiql/page.ts';
import type { Places } from './places.ts';
import type { Refusal } from './refusal.ts';
import type { RequestFacts } from './request-facts.ts';
import type { GraphqlHandler, Yoga } from './yoga.ts';
import type { ShortPath } from './short-path.ts';

/** What the front is handed. */
export interface FrontOptions {
  readonly handle: GraphqlHandler;
  readonly subscriptionOf: Yoga['subscriptionOf'];
  readonly live: Live;
  /** Undefined where everything goes through Yoga. */
  readonly shortPath: ShortPath | undefined;
  /** Turns a credential, or the lack of one, into the right to call. */
  readonly callerOf: (token: string | undefined) => Caller;
  readonly createContext: (caller: Caller, request: RequestFacts) => GatewayContext;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly describeDefect: (error: unknown) => { readonly name: string; readonly stack: string };
  readonly page: GraphiqlPage | undefined;
  readonly maxRequestBytes: number;
  readonly chooseDocument: ChooseDocument;
  /** Why a request for a WebSocket gets none. It comes here only where it has been refused one. */
  readonly refusalOfSocket: (request: IncomingMessage) => Refusal | undefined;
  /** A request gives its place back when its response has closed: the listener tells. */
  readonly places: Places;
  readonly corsOrigins: readonly string[];
  /** Names of clients that may be a label of metrics. */
  readonly clients: ReadonlySet<string>;
  /** Whether answers say where their time went. */
  readonly serverTiming: boolean;
  /** Undefined where nothing is traced. */
  readonly beginTrace: BeginTrace | undefined;
  /** What /readyz goes by. */
  readonly isDraining: () => boolean;
}
