import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from './context.ts';

/** A span for each operation that is executed, where its request is traced. Comes after what brings errors into the closed set. */
export function useOperationSpan(): Plugin<GatewayContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const definition = contextValue.operation.trace && getOperationAST(document, operationName);
      if (!definition) return;
      const end = contextValue.operation.trace?.beginOperation(
        definition.operation,
        definition.name?.value,
        // A caller's own names would make any number of names of spans.
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
