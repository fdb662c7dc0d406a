import { execute, getOperationAST, OperationTypeNode } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/**
 * Lets a subscription be executed once, as a query is: its root fields are resolved and nothing is subscribed to. Yoga itself would
 * run all events in one context, whose loaders are stale from the second on.
 */
export function useSingleExecutions(): Plugin {
  return {
    onExecute({ args: { document, operationName }, setExecuteFn }) {
      if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION)
        setExecuteFn(execute);
    },
  };
}
