import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from './context.ts';

/** Creates a span for each executed operation of a traced request. Must come after `useResult`, which gives every error its code. */
export function useOperationSpan(): Plugin<GatewayContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const definition = contextValue.operation.trace && getOperationAST(document, operationName);
      if (!definition) return;
      const end = contextValue.operation.trace?.beginOperation(
        definition.operation,
        definition.name?.value,
        // A client chooses the names in other documents: the number of span names would have no limit.
        contextValue.operation.report.documentOrigin === 'trusted',
      );
      return {
        onExecuteDone({ result }) {
          const errors = ('errors' in result && result.errors) || [];
          end?.(errors.map(({ extensions }) => String(extensions['code'])));
        },
      };
    },
  };
}
