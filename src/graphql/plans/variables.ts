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

/** Coerced variables by name. A variable without a value and without a default is missing. */
export type VariableValues = Readonly<Record<string, unknown>>;

type Coerce = (value: unknown) => unknown;

interface VariablePlan {
  readonly name: string;
  readonly coerce: Coerce;
  readonly isRequired: boolean;
  readonly defaultValue: unknown;
}

const nothing: VariableValues = Object.freeze(Object.create(null));

/** Coerces an operation's variables as graphql's `getVariableValues` does. If a value is wrong, it throws `handOver`, and Yoga writes the error. */
export class VariableCoercer {
  readonly #plans: readonly VariablePlan[];

  /** Throws `handOver` if a variable is an input object: plans do not coerce these. */
  constructor(schema: GraphQLSchema, definitions: readonly VariableDefinitionNode[]) {
    this.#plans = definitions.map(({ variable, type: node, defaultValue }) => {
      const type = typeFromAST(schema, node) ?? refuse();
      // `limits/variables.ts` refuses a variable of this name.
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
