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

/** What the front needs from the other rooms. */
export interface FrontOptions {
  readonly handle: GraphqlHandler;
  readonly subscriptionOf: Yoga['subscriptionOf'];
  readonly live: Live;
  /** Undefined if every request goes through Yoga. */
  readonly shortPath: ShortPath | undefined;
  /** Turns a token, or its absence, into a caller. */
  readonly callerOf: (token: string | undefined) => Caller;
  readonly createContext: (caller: Caller, request: RequestFacts) => GatewayContext;
  readonly emit: Emit;
  readonly clock: Clock;
  readonly describeDefect: (error: unknown) => { readonly name: string; readonly stack: string };
  readonly page: GraphiqlPage | undefined;
  readonly maxRequestBytes: number;
  readonly chooseDocument: ChooseDocument;
  /** Why an upgrade to a WebSocket was refused: only refused ones reach the front. Undefined if the request asked for no WebSocket. */
  readonly refusalOfSocket: (request: IncomingMessage) => Refusal | undefined;
  /** The front takes a place for each request. It is given back when the response has closed. */
  readonly places: Places;
  readonly corsOrigins: readonly string[];
  /** `CLIENTS`. */
  readonly clients: ReadonlySet<string>;
  /** Whether answers have a `Server-Timing` header. */
  readonly serverTiming: boolean;
  /** Undefined if traces are off. */
  readonly beginTrace: BeginTrace | undefined;
  /** True from the start of the shutdown on. */
  readonly isDraining: () => boolean;
}
