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

/** The operation's variables, coerced to their types, or the error to refuse them with. */
export type ReadVariables =
  | { readonly values: Readonly<Record<string, unknown>> }
  | { readonly problem: GraphQLError };

/** Refuses an operation with invalid variables. */
export function useVariables(): Plugin<GatewayContext> {
  return {
    onExecute({ args: { schema, document, operationName, variableValues }, setResultAndStopExecution }) {
      const read = readVariables(schema, document, operationName, variableValues);
      if ('problem' in read) setResultAndStopExecution({ errors: [read.problem] });
    },
  };
}

/**
 * Refuses variables of a wrong type, with a message of ours: graphql's message repeats the value and has no code. Also refuses values that
 * are nested too deeply for recursion, and numbers beyond 2^53, which have already lost digits but would pass as IDs.
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
      // graphql would set a variable named `__proto__` as the prototype of the coerced variables.
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

/** Whether no number in the value has lost digits in JSON.parse, and it is not nested too deeply for recursion. */
export function isFaithful(value: unknown, depth = maxDepth): boolean {
  if (typeof value === 'number') return !Number.isInteger(value) || Number.isSafeInteger(value);
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((inner) => isFaithful(inner, depth - 1));
}
