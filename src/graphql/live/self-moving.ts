import {
  type DirectiveNode,
  type FieldNode,
  getDirectiveValues,
  getNamedType,
  GraphQLIncludeDirective,
  type GraphQLNamedType,
  type GraphQLSchema,
  GraphQLSkipDirective,
  isAbstractType,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type DocumentNode,
  parse,
  type SelectionSetNode,
} from 'graphql';
import { isObject } from '../../base/is-object.ts';

/** By type, the fields that change by themselves, such as a duration. */
export type SelfMoving = Readonly<Record<string, readonly string[]>>;

/** The response names of the self-moving fields in a selection set, and the same for the selection sets below it. */
export interface SelfMovingShape {
  readonly moving: ReadonlySet<string>;
  readonly below: ReadonlyMap<string, SelfMovingShape>;
}

/** The facts about a subscription's selection that decide which answers are events. */
export interface Selected {
  readonly shape: SelfMovingShape;
  /** Whether only self-moving fields are selected, besides keys. Then each poll is an event. */
  readonly onlyMoves: boolean;
  /** Whether the root field returns a list. */
  readonly isList: boolean;
}

type Variables = Readonly<Record<string, unknown>>;

/** Finds the self-moving fields of a subscription, by type and field, whatever their aliases are. */
export function selectedIn(
  { schema, selfMoving }: { readonly schema: GraphQLSchema; readonly selfMoving: SelfMoving },
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Variables,
): Selected {
  const fragments = new Map(
    document.definitions
      .filter((node) => node.kind === Kind.FRAGMENT_DEFINITION)
      .map((node) => [node.name.value, node]),
  );
  let moves = false;
  let changes = false;
  let isList = false;

  const isSelfMoving = (type: GraphQLNamedType, field: string): boolean => {
    if (isAbstractType(type))
      return schema.getPossibleTypes(type).every((possible) => isSelfMoving(possible, field));
    return Object.hasOwn(selfMoving, type.name) && selfMoving[type.name]?.includes(field) === true;
  };

  /** All fields of a selection set, those of its fragments included, each with its parent type. */
  const fieldsOf = function* (
    { selections }: SelectionSetNode,
    type: GraphQLNamedType,
  ): Generator<readonly [FieldNode, GraphQLNamedType]> {
    for (const selection of selections) {
      if (!isIncluded(selection, variables)) continue;
      if (selection.kind === Kind.FIELD) {
        yield [selection, type];
        continue;
      }
      const fragment =
        selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
      const name = fragment?.typeCondition?.name.value;
      const inner = name === undefined ? type : schema.getType(name);
      if (fragment && inner) yield* fieldsOf(fragment.selectionSet, inner);
    }
  };

  const shapeOf = (fields: Iterable<readonly [FieldNode, GraphQLNamedType]>): SelfMovingShape => {
    const moving = new Set<string>();
    const still = new Set<string>();
    const inner = new Map<string, (readonly [FieldNode, GraphQLNamedType])[]>();
    for (const [field, type] of fields) {
      const response = (field.alias ?? field.name).value;
      const definition =
        isObjectType(type) || isInterfaceType(type) ? type.getFields()[field.name.value] : undefined;
      // `__typename` has no definition, and never changes.
      if (!definition) continue;
      if (type === schema.getSubscriptionType()) isList = String(definition.type).startsWith('[');
      const result = getNamedType(definition.type);
      if (field.selectionSet && isCompositeType(result)) {
        const known = inner.get(response) ?? [];
        inner.set(response, [...known, ...fieldsOf(field.selectionSet, result)]);
      } else if (isSelfMoving(type, field.name.value)) {
        moves = true;
        moving.add(response);
      } else {
        if (!keyFields(type).includes(field.name.value)) changes = true;
        still.add(response);
      }
    }
    return {
      moving: moving.difference(still),
      below: new Map([...inner].map(([response, below]) => [response, shapeOf(below)])),
    };
  };

  const root = schema.getSubscriptionType();
  const shape = shapeOf(root ? fieldsOf(operation.selectionSet, root) : []);
  return { shape, onlyMoves: moves && !changes, isList };
}

/** A copy of a result's data without the self-moving fields. */
export function withoutSelfMoving(data: unknown, shape: SelfMovingShape | undefined): unknown {
  if (!shape || (shape.moving.size === 0 && shape.below.size === 0)) return data;
  if (Array.isArray(data)) return data.map((item: unknown) => withoutSelfMoving(item, shape));
  if (!isObject(data)) return data;
  const still: [string, unknown][] = [];
  for (const [name, value] of Object.entries(data)) {
    if (!shape.moving.has(name)) still.push([name, withoutSelfMoving(value, shape.below.get(name))]);
  }
  return Object.fromEntries(still);
}

function isIncluded(node: { readonly directives?: readonly DirectiveNode[] }, variables: Variables): boolean {
  if (!node.directives?.length) return true;
  if (getDirectiveValues(GraphQLSkipDirective, node, variables)?.['if'] === true) return false;
  return getDirectiveValues(GraphQLIncludeDirective, node, variables)?.['if'] !== false;
}

/** The fields of an entity's keys. They identify the entity, so they are the same in each event. */
function keyFields({ astNode, extensionASTNodes }: GraphQLNamedType): readonly string[] {
  return [astNode, ...extensionASTNodes]
    .flatMap((node) => node?.directives ?? [])
    .filter(({ name }) => name.value === 'key')
    .flatMap(({ arguments: given = [] }) => given)
    .flatMap(({ name, value }) =>
      name.value === 'fields' && value.kind === Kind.STRING ? [value.value] : [],
    )
    .flatMap((fields) => parse(`{ ${fields} }`).definitions)
    .flatMap((node) => ('selectionSet' in node && node.selectionSet ? node.selectionSet.selections : []))
    .flatMap((selection) => (selection.kind === Kind.FIELD ? [selection.name.value] : []));
}
