import {
  type FieldNode,
  getNullableType,
  getArgumentValues,
  type GraphQLArgument,
  type GraphQLField,
  isListType,
  isNonNullType,
  Kind,
} from 'graphql';
import { handOver } from './hand-over.ts';
import type { VariableValues } from './variables.ts';

/** Makes a field's arguments from the coerced variables. Throws `handOver` if a required argument has no value. */
export type ArgumentsOf = (variables: VariableValues) => ArgumentValues;

export type ArgumentValues = Record<string, unknown>;

/** @param maxItems limit of the items in a list argument: the answer to a longer list has to be estimated before any call. */
export function argumentsOf(
  field: GraphQLField<unknown, unknown>,
  node: FieldNode,
  maxItems: number,
): ArgumentsOf {
  const make = valuesOf(field, node);
  const lists = field.args.filter(({ type }) => isListType(getNullableType(type))).map(({ name }) => name);
  if (lists.length === 0) return make;
  return (variables) => {
    const values = make(variables);
    for (const name of lists) {
      const list = values[name];
      if (Array.isArray(list) && list.length > maxItems) throw handOver;
    }
    return values;
  };
}

function valuesOf(field: GraphQLField<unknown, unknown>, node: FieldNode): ArgumentsOf {
  const given = new Map(node.arguments?.map(({ name, value }) => [name.value, value]));
  const ways = field.args.map((argument): { argument: GraphQLArgument; variable: string } | undefined => {
    const value = given.get(argument.name);
    return value?.kind === Kind.VARIABLE ? { argument, variable: value.name.value } : undefined;
  });
  const direct = ways.filter((way) => way !== undefined);
  // Literals, and lists that contain a variable. graphql makes these again for each request.
  if (direct.length < ways.length) return (variables) => getArgumentValues(field, node, variables);
  return (variables) => {
    const values: Record<string, unknown> = {};
    for (const { argument, variable } of direct) {
      const value = variables[variable];
      if (value === undefined) {
        if (argument.defaultValue !== undefined) values[argument.name] = argument.defaultValue;
        else if (isNonNullType(argument.type)) throw handOver;
      } else if (value === null && isNonNullType(argument.type)) throw handOver;
      else values[argument.name] = value;
    }
    return values;
  };
}
