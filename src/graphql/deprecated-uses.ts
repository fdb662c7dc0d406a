import {
  type DocumentNode,
  type FragmentDefinitionNode,
  getNamedType,
  getOperationAST,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  Kind,
  type OperationDefinitionNode,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { GatewayContext } from './context.ts';

/** The schema coordinates of every deprecated field, argument, input field and enum value that an operation uses. */
export type DeprecatedUses = (
  document: DocumentNode,
  operationName: string | null | undefined,
) => readonly string[];

/** Collects the uses of each operation once and keeps them, because clients repeat their documents. */
export function createDeprecatedUses(schema: GraphQLSchema): DeprecatedUses {
  const known = new WeakMap<OperationDefinitionNode, readonly string[]>();
  return (document, operationName) => {
    const operation = getOperationAST(document, operationName);
    if (!operation) return none;
    let uses = known.get(operation);
    if (!uses) known.set(operation, (uses = collect(schema, document, operation)));
    return uses;
  };
}

const none: readonly string[] = [];

/** Adds the deprecated uses of each executed operation to its report. */
export function useDeprecatedUses(usesOf: DeprecatedUses): Plugin<GatewayContext> {
  return {
    onExecute({ args: { document, operationName, contextValue } }) {
      contextValue.operation.report.deprecatedUses = usesOf(document, operationName);
    },
  };
}

function collect(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly string[] {
  const uses = new Set<string>();
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const definition of document.definitions)
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition);
  const spread = new Set<string>();
  const pending: (OperationDefinitionNode | FragmentDefinitionNode)[] = [operation];
  const info = new TypeInfo(schema);
  const visitor = visitWithTypeInfo(info, {
    FragmentSpread({ name: { value } }) {
      const fragment = fragments.get(value);
      if (!fragment || spread.has(value)) return;
      spread.add(value);
      pending.push(fragment);
    },
    Field() {
      const field = info.getFieldDef();
      const parent = info.getParentType();
      if (field && parent && isDeprecated(field)) uses.add(`${parent.name}.${field.name}`);
    },
    Argument() {
      const argument = info.getArgument();
      const field = info.getFieldDef();
      const parent = info.getParentType();
      if (argument && field && parent && isDeprecated(argument))
        uses.add(`${parent.name}.${field.name}(${argument.name}:)`);
    },
    ObjectField({ name: { value } }) {
      const type = getNamedType(info.getParentInputType());
      const field = isInputObjectType(type) ? type.getFields()[value] : undefined;
      if (type && field && isDeprecated(field)) uses.add(`${type.name}.${value}`);
    },
    EnumValue() {
      const value = info.getEnumValue();
      const type = getNamedType(info.getInputType());
      if (value && isEnumType(type) && isDeprecated(value)) uses.add(`${type.name}.${value.name}`);
    },
  });
  for (let definition = pending.pop(); definition; definition = pending.pop()) visit(definition, visitor);
  return [...uses].toSorted();
}

// A `@deprecated` without a reason has graphql's default reason.
const isDeprecated = ({ deprecationReason }: { readonly deprecationReason?: string | null | undefined }) =>
  typeof deprecationReason === 'string';
