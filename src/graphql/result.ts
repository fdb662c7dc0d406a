import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Emit } from '../observe/events.ts';
import type { GatewayContext } from './context.ts';
import { maskError } from './masking.ts';
import { byPlace } from './error-order.ts';
import { loggedName } from './operation-name.ts';

/**
 * Completes the result of an operation. If the operation was refused, the result is one error without a path, and no data. Otherwise
 * every error gets a code of `errorCodes`, and the errors are sorted. The codes are added to the report.
 */
export function useResult(emit: Emit): Plugin<GatewayContext, GatewayContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      const { operation } = contextValue;
      const definition = getOperationAST(document, operationName);
      operation.report.operationName = definition ? loggedName(definition) : undefined;
      return {
        onExecuteDone({ result, setResult }) {
          // Some errors do not come from a resolver: for example, an argument without a value.
          if ('errors' in result) operation.answer.checkErrors(result.errors?.length ?? 0);
          if (operation.refusal) return setResult({ data: null, errors: [operation.refusal] });
          if (!('errors' in result) || !result.errors) return;
          const errors = result.errors
            .map((error) => maskError(error, emit, operation.requestId))
            .toSorted(byPlace);
          return setResult({ ...result, errors });
        },
      };
    },
    // Called for operations that were refused before their execution, too.
    onExecutionResult({ result, context }) {
      if (!result || !('errors' in result)) return;
      context.operation.report.addErrors(result.errors ?? []);
    },
  };
}
