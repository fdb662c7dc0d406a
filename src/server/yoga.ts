import { type DocumentNode, getOperationAST, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../graphql/context.ts';
import type { ExecuteOnce } from '../graphql/live/execute-event.ts';
import type { Asked } from './request/asked.ts';

/** Executes what is asked and answers as GraphQL over HTTP says. */
export type GraphqlHandler = (asked: Asked, how: AskedHow, context: GatewayContext) => Promise<Response>;

/** Yoga, as a handler and for what does not go through its handler. */
export interface Yoga {
  readonly handle: GraphqlHandler;
  /** The document of a subscription, parsed and valid. Undefined: `handle` answers it, if with an error. */
  readonly subscriptionOf: (asked: Asked) => DocumentNode | undefined;
  /** Executes with all plugins. */
  readonly execute: ExecuteOnce;
}

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
export function createGatewayYoga({ schema, plugins, maskError }: YogaOptions): Yoga {
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
  return {
    handle: async (asked, how, context) => yoga.fetch('http://gateway/graphql', how, { ...context, asked }),
    subscriptionOf({ query, operationName }) {
      // Nearly all requests are queries.
      if (!query.includes('subscription')) return undefined;
      const { parse, validate } = yoga.getEnveloped();
      try {
        const document: DocumentNode = parse(query);
        const isSubscription =
          getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION;
        return isSubscription && validate(schema, document).length === 0 ? document : undefined;
      } catch {
        return undefined;
      }
    },
    execute: async ({ document, operationName, variables }, contextValue) =>
      yoga
        .getEnveloped()
        .execute({ schema, document, operationName, variableValues: variables, contextValue }),
  };
}

// The front has read the body and knows what is asked.
function useAsked(): Plugin<object, ServerContext> {
  return {
    onRequestParse: ({ serverContext: { asked }, setRequestParser }) =>
      setRequestParser(() => ({ ...asked })),
  };
}
