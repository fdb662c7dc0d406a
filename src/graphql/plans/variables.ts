import {
  type GraphQLInputType,
  type GraphQLSchema,
  isInputType,
  isLeafType,
  isListType,
  isNonNullType,
  typeFromAST,
  valueFromAST,
  type VariableDefinitionNode,
} from 'graphql';
import { isFaithful } from '../limits/variables.ts';
import { handOver, refuse } from './hand-over.ts';

/** Coerced variables by name: one that is not given and has no default is missing. */
export type VariableValues = Readonly<Record<string, unknown>>;

type Coerce = (value: unknown) => unknown;

interface VariablePlan {
  readonly name: string;
  readonly coerce: Coerce;
  readonly isRequired: boolean;
  readonly defaultValue: unknown;
}

const nothing: VariableValues = Object.freeze(Object.create(null));

/** Coerces an operation's variables as graphql's `getVariableValues` does, or throws `handOver`: it words no error. */
export class VariableCoercer {
  readonly #plans: readonly VariablePlan[];

  /** Throws `handOver` where a variable is of a type that a plan does not coerce: an input object. */
  constructor(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]) {
    this.#plans = definitions.map(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(schema, node) ?? refuse();
      // That name is refused as a variable, in `limits/variables.ts`.
      if (!isInputType(type) || variable.name.value === '__proto__') return refuse();
      return {
        name: variable.name.value,
        coerce: coercion(type),
        isRequired: isNonNullType(type),
        defaultValue: defaultValue && valueFromAST(defaultValue, type),
      };
    });
  }

  coerce(given: VariableValues | undefined): VariableValues {
    if (this.#plans.length === 0) return nothing;
    const values: Record<string, unknown> = Object.create(null);
    for (const { name, coerce, isRequired, defaultValue } of this.#plans) {
      if (given && Object.hasOwn(given, name)) {
        const value = given[name];
        if (typeof value !== 'string' && !isFaithful(value)) throw handOver;
        values[name] = coerce(value);
      } else if (defaultValue !== undefined) values[name] = defaultValue;
      else if (isRequired) throw handOver;
    }
    return values;
  }
}

function coercion(type: GraphQLInputType): Coerce {
  if (isNonNullType(type)) {
    const coerce = coercion(type.ofType);
    return (value) => {
      if (value === null || value === undefined) throw handOver;
      return coerce(value);
    };
  }
  const coerce = isListType(type) ? listCoercion(coercion(type.ofType)) : leafCoercion(type);
  return (value) => (value === null || value === undefined ? null : coerce(value));
}

function listCoercion(coerceItem: Coerce): Coerce {
  return (value) => (Array.isArray(value) ? value.map(coerceItem) : [coerceItem(value)]);
}

function leafCoercion(type: GraphQLInputType): Coerce {
  if (!isLeafType(type)) return refuse();
  return (value) => {
    const parsed = type.parseValue(value);
    if (parsed === undefined) throw handOver;
    return parsed;
  };
}
