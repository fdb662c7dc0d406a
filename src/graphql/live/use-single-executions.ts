import { execute, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Executes a subscription once, like a query: its root fields are resolved, and nothing is subscribed to. Yoga would execute all events
 * in one context, in which the loaders are stale from the second event on.
 */
export function useSingleExecutions(): Plugin {
  return {
    onExecute({ args: { document, operationName }, setExecuteFn }) {
      if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION)
        setExecuteFn(execute);
    },
  };
}
