import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../graphql/context.ts';
import type { Asked } from './request/asked.ts';

/** Executes what is asked and answers as GraphQL over HTTP says. */
export type GraphqlHandler = (asked: Asked, how: AskedHow, context: GatewayContext) => Promise<Response>;

export interface AskedHow {
  readonly method: 'GET' | 'POST';
  /** What Yoga and its plugins may go by. No credential is among it: a caller has been made of that. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly (Plugin | Plugin<GatewayContext> | Plugin<GatewayContext, GatewayContext>)[];
  /** For what fails outside of an execution. */
  readonly maskError: (error: unknown) => Error;
}

interface ServerContext extends GatewayContext {
  readonly asked: Asked;
}

/** Yoga without what the front does before it, and without the defaults that are not safe to show to strangers. */
export function createYogaHandler({ schema, plugins, maskError }: YogaOptions): GraphqlHandler {
  const yoga = createYoga<ServerContext>({
    schema,
    plugins: [...plugins, useAsked()],
    maskedErrors: { maskError },
    batching: false,
    cors: false,
    graphiql: false,
    landingPage: false,
    logging: false,
    maxRequestBodySize: false,
    multipart: false,
    // A plugin of ours keeps documents: Yoga's own would keep a thousand, however large.
    parserAndValidationCache: false,
  });
  return async (asked, how, context) => yoga.fetch('http://gateway/graphql', how, { ...context, asked });
}

// The front has read the body and knows what is asked.
function useAsked(): Plugin<object, ServerContext> {
  return {
    onRequestParse: ({ serverContext: { asked }, setRequestParser }) =>
      setRequestParser(() => ({ ...asked })),
  };
}
