import type { Plugin } from 'graphql-yoga';
import type { Emit } from '../observe/events.ts';
import type { GatewayContext } from './context.ts';
import { maskError } from './masking.ts';

/**
 * What leaves an execution: an operation over its budget has one error without a path and no data, and all errors are of the
 * closed set.
 */
export function useResult(emit: Emit): Plugin<GatewayContext> {
  return {
    onExecute: ({ args: { contextValue } }) => ({
      onExecuteDone({ result, setResult }) {
        const { refusal } = contextValue.operation;
        if (refusal) return setResult({ data: null, errors: [refusal] });
        if (!('errors' in result) || !result.errors) return;
        const errors = result.errors.map((error) => maskError(error, emit, contextValue.requestId));
        return setResult({ ...result, errors });
      },
    }),
  };
}
