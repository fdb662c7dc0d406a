import { getOperationAST, getVariableValues, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import { clientError } from '../errors.ts';

const maxDepth = 32;

/**
 * Refuses variables that are not of their types, in words of ours: graphql's own repeat the value and carry no code. Refuses what
 * no walk over them would survive, and numbers beyond 2^53: they have lost digits by now, and would yet pass as IDs.
 */
export function useVariables(): Plugin<GatewayContext> {
  return {
    onExecute({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
      const definitions = getOperationAST(document, operationName)?.variableDefinitions;
      if (!definitions?.length) return;
      const values: Readonly<Record<string, unknown>> = variableValues ?? {};
      const lossy = definitions.find(({ variable }) => !isFaithful(values[variable.name.value], maxDepth));
      const [problem] = lossy
        ? [new GraphQLError('', { nodes: [lossy] })]
        : (getVariableValues(schema, definitions, values, { maxErrors: 1 }).errors ?? []);
      if (!problem) return;
      const error = clientError('BAD_USER_INPUT', 'The variable is missing, or has no value of its type.', {
        httpStatus: 400,
        at: problem,
      });
      setResultAndStopExecution({ errors: [error] });
    },
  };
}

function isFaithful(value: unknown, depth: number): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isFaithful(inner, depth - 1));
}
