import {
  type DocumentNode,
  getOperationAST,
  getVariableValues,
  GraphQLError,
  type GraphQLSchema,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from '../context.ts';
import { clientError } from '../errors.ts';

const maxDepth = 32;

/** The variables that an operation declares, coerced to their types, or the error that refuses them. */
export type ReadVariables =
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly problem: GraphQLError };

/** Refuses an operation whose variables cannot be read. */
export function useVariables(): Plugin<GatewayContext> {
  return {
    onExecute({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
      const read = readVariables(schema, document, operationName, variableValues);
      if ('problem' in read) setResultAndStopExecution({ errors: [read.problem] });
    },
  };
}

/**
 * Refuses variables that are not of their types, in words of ours: graphql's own repeat the value and carry no code. Refuses what
 * no walk over them would survive, and numbers beyond 2^53: they have lost digits by now, and would yet pass as IDs.
 */
export function readVariables(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | null | undefined,
  values: Readonly<Record<string, unknown>> = {},
): ReadVariables {
  const definitions = getOperationAST(document, operationName)?.variableDefinitions;
  if (!definitions?.length) return { values: {} };
  const lossy = definitions.find(
    ({ variable: { name } }) =>
      // graphql sets this one's value as the prototype of the others.
      name.value === '__proto__' || (Object.hasOwn(values, name.value) && !isFaithful(values[name.value])),
  );
  const { coerced, errors } = lossy
    ? { errors: [new GraphQLError('', { nodes: [lossy] })] }
    : getVariableValues(schema, definitions, values, { maxErrors: 1 });
  if (coerced) return { values: coerced };
  const problem = clientError('BAD_USER_INPUT', 'The variable is missing, or has no value of its type.', {
    httpStatus: 400,
    at: errors?.[0],
  });
  return { problem };
}

/** Whether a value has kept its digits on the way through JSON, and is not too deep to be walked. */
export function isFaithful(value: unknown, depth = maxDepth): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isFaithful(inner, depth - 1));
}
