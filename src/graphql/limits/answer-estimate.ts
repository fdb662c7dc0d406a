import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  Kind,
  type ListValueNode,
  type SelectionSetNode,
  type ValueNode,
  valueFromASTUntyped,
} from 'graphql';

/** The maximum size of an answer, as far as the request alone determines it. */
export interface Weight {
  /** Fields. An item of a list counts as its fields or as an error in its place, whichever is more. */
  readonly fields: number;
  /** Bytes of the response keys, each with the shortest possible value. */
  readonly keyBytes: number;
}

type Variables = Readonly<Record<string, unknown>>;

// An item of a list has its own promises, and an error in its place costs as much time as this many fields.
const fieldsPerPlace = 40;
// `"":0,`
const bytesAroundKey = 5;
const nothing: Weight = { fields: 0, keyBytes: 0 };

/**
 * Estimates an operation's answer before the execution. If a field has a list argument, its selection counts once for each item of
 * that list. The length of a list from the upstream is not known yet: `below` returns the weight of one item.
 */
export class AnswerEstimate {
  readonly total: Weight;
  readonly #fragments = new Map<string, SelectionSetNode>();
  readonly #defaults = new Map<string, ValueNode | undefined>();
  readonly #variables: Variables;
  readonly #lists = new Set<ListValueNode | readonly unknown[]>();
  // Each fragment is weighed once, however often it is used: a chain of fragments that each use the next one twice grows exponentially.
  readonly #weighed = new Map<SelectionSetNode, Weight>();

  constructor(document: DocumentNode, operationName: string | null | undefined, variables: Variables) {
    this.#variables = variables;
    for (const definition of document.definitions) {
      if (definition.kind === Kind.FRAGMENT_DEFINITION)
        this.#fragments.set(definition.name.value, definition.selectionSet);
    }
    const operation = getOperationAST(document, operationName);
    for (const { variable, defaultValue } of operation?.variableDefinitions ?? [])
      this.#defaults.set(variable.name.value, defaultValue);
    this.total = this.#ofSelections(operation?.selectionSet);
  }

  /** The weight of one object that a field returns, from the field's nodes. */
  below(nodes: readonly FieldNode[]): Weight {
    let fields = 0;
    let keyBytes = 0;
    for (const { selectionSet } of nodes) {
      const weight = this.#ofSelections(selectionSet);
      fields += weight.fields;
      keyBytes += weight.keyBytes;
    }
    return { fields, keyBytes };
  }

  /** The number of distinct items in all list arguments: if they are IDs, each is one call. */
  distinctItems(): number {
    const distinct = new Set<string>();
    for (const list of this.#lists) {
      const items =
        'kind' in list ? list.values.map((item) => valueFromASTUntyped(item, this.#variables)) : list;
      for (const item of items) distinct.add(JSON.stringify(item) ?? '');
    }
    return distinct.size;
  }

  #ofField({ alias, name, arguments: given = [], selectionSet }: FieldNode): Weight {
    const below = this.#ofSelections(selectionSet);
    let places = 0;
    for (const { value } of given) places = Math.max(places, this.#listLength(value));
    return {
      fields: 1 + (places === 0 ? below.fields : places * Math.max(fieldsPerPlace, below.fields)),
      keyBytes: (alias ?? name).value.length + bytesAroundKey + Math.max(1, places) * below.keyBytes,
    };
  }

  #ofSelections(selectionSet: SelectionSetNode | undefined): Weight {
    if (!selectionSet) return nothing;
    const known = this.#weighed.get(selectionSet);
    if (known) return known;
    let fields = 0;
    let keyBytes = 0;
    for (const selection of selectionSet.selections) {
      const weight =
        selection.kind === Kind.FIELD
          ? this.#ofField(selection)
          : this.#ofSelections(
              selection.kind === Kind.INLINE_FRAGMENT
                ? selection.selectionSet
                : this.#fragments.get(selection.name.value),
            );
      fields += weight.fields;
      keyBytes += weight.keyBytes;
    }
    const weight = { fields, keyBytes };
    this.#weighed.set(selectionSet, weight);
    return weight;
  }

  #listLength(value: ValueNode | undefined): number {
    if (value?.kind === Kind.LIST) {
      this.#lists.add(value);
      return value.values.length;
    }
    if (value?.kind !== Kind.VARIABLE) return 0;
    const name = value.name.value;
    // Not `variables[name]`: a variable without a value may be named `constructor`.
    const given = Object.hasOwn(this.#variables, name) ? this.#variables[name] : undefined;
    if (given === undefined) return this.#listLength(this.#defaults.get(name));
    if (!Array.isArray(given)) return 0;
    this.#lists.add(given);
    return given.length;
  }
}
