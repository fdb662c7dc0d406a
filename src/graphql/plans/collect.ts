import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLObjectType,
  type GraphQLSchema,
  isAbstractType,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { refuse } from './hand-over.ts';

/** The values of the Boolean variables in @skip and @include, for one variant of a plan. */
export type Conditions = ReadonlyMap<string, boolean>;

/** Collects the fields of a selection as graphql's execution does: in order, merged by key, with the fragments that apply. */
export class FieldCollector {
  readonly #schema: GraphQLSchema;
  readonly #fragments = new Map<string, FragmentDefinitionNode>();
  readonly #conditions: Conditions;

  constructor(schema: GraphQLSchema, document: DocumentNode, conditions: Conditions) {
    this.#schema = schema;
    this.#conditions = conditions;
    for (const definition of document.definitions)
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition);
  }

  /** The fields by their keys in the answer. Throws `handOver` if there is a directive other than @skip and @include. */
  collect(
    type: GraphQLObjectType,
    selectionSets: Iterable<SelectionSetNode | undefined>,
  ): ReadonlyMap<string, readonly FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    for (const selectionSet of selectionSets) if (selectionSet) this.#add(type, selectionSet, fields, spread);
    return fields;
  }

  #add(
    type: GraphQLObjectType,
    { selections }: SelectionSetNode,
    fields: Map<string, FieldNode[]>,
    spread: Set<string>,
  ): void {
    for (const selection of selections) {
      if (!this.#isIncluded(selection)) continue;
      if (selection.kind === Kind.FIELD) {
        const key = (selection.alias ?? selection.name).value;
        const nodes = fields.get(key);
        if (nodes) nodes.push(selection);
        else fields.set(key, [selection]);
        continue;
      }
      const fragment =
        selection.kind === Kind.INLINE_FRAGMENT ? selection : this.#spreadOnce(selection.name.value, spread);
      if (fragment && this.#applies(type, fragment.typeCondition?.name.value))
        this.#add(type, fragment.selectionSet, fields, spread);
    }
  }

  #spreadOnce(name: string, spread: Set<string>): FragmentDefinitionNode | undefined {
    if (spread.has(name)) return undefined;
    spread.add(name);
    return this.#fragments.get(name);
  }

  #applies(type: GraphQLObjectType, condition: string | undefined): boolean {
    if (condition === undefined || condition === type.name) return true;
    const named = this.#schema.getType(condition);
    return isAbstractType(named) && this.#schema.isSubType(named, type);
  }

  #isIncluded({ directives = [] }: SelectionNode): boolean {
    let included = true;
    for (const { name, arguments: given = [] } of directives) {
      if (name.value !== 'skip' && name.value !== 'include') return refuse();
      const value = given[0]?.value;
      const condition =
        value?.kind === Kind.BOOLEAN
          ? value.value
          : value?.kind === Kind.VARIABLE && this.#conditions.get(value.name.value);
      if (condition === (name.value === 'skip')) included = false;
    }
    return included;
  }
}
