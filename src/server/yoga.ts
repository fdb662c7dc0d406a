import { type DocumentNode, getOperationAST, type GraphQLSchema, OperationTypeNode } from 'graphql';
import { createYoga, type GraphQLParams, type Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../graphql/context.ts';
import type { ExecuteOnce } from '../graphql/live/execute-event.ts';
import type { Asked } from './request/asked.ts';

/** Executes a request and answers by GraphQL over HTTP. */
export type GraphqlHandler = (asked: Asked, how: AskedHow, context: GatewayContext) => Promise<Response>;

/** Yoga as an HTTP handler, and its parts for subscriptions, which do not go through the handler. */
export interface Yoga {
  readonly handle: GraphqlHandler;
  /** The parsed document of a valid subscription. Undefined for anything else, errors included: `handle` answers it. */
  readonly subscriptionOf: (asked: Asked) => DocumentNode | undefined;
  /** Executes with all plugins. */
  readonly execute: ExecuteOnce;
}

export interface AskedHow {
  readonly method: 'GET' | 'POST';
  /** The only headers that Yoga and its plugins see. Never a credential. */
  readonly headers: Readonly<Record<string, string>>;
}

export interface YogaOptions {
  readonly schema: GraphQLSchema;
  readonly plugins: readonly (Plugin | Plugin<GatewayContext> | Plugin<GatewayContext, GatewayContext>)[];
  /** Masks errors that are thrown outside of an execution. */
  readonly maskError: (error: unknown) => Error;
}

interface ServerContext extends GatewayContext {
  readonly asked: Asked;
}

/** Creates Yoga without the tasks that the front has done, and without its defaults that are unsafe in public. */
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
    // Replaced by `useDocuments`: Yoga's cache holds a thousand documents of any size.
    parserAndValidationCache: false,
  });
  return {
    handle: async (asked, how, context) => yoga.fetch('http://gateway/graphql', how, { ...context, asked }),
    subscriptionOf({ query, operationName }) {
      // Nearly all requests are queries: do not parse them here.
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

// The front has read the body already.
function useAsked(): Plugin<object, ServerContext> {
  return {
    onRequestParse: ({ serverContext: { asked }, setRequestParser }) =>
      setRequestParser(() => parametersOf(asked)),
  };
}

// Yoga takes a parameter that is undefined for a wrong one.
function parametersOf({ query, operationName, variables, extensions }: Asked): GraphQLParams {
  return {
    query,
    ...(operationName !== undefined && { operationName }),
    ...(variables && { variables }),
    ...(extensions && { extensions }),
  };
}
