import {
  type DocumentNode,
  type FieldNode,
  getOperationAST,
  Kind,
  type SelectionSetNode,
  type ValueNode,
} from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { clientError } from '../errors.ts';

export interface AnswerSizeOptions {
  /** Calls upstream that an operation may make. */
  readonly maxCalls: number;
}

// Half a microsecond each. A whole conference is 40 fields.
const fieldsPerCall = 200;
const fieldsAtLeast = 20_000;
// A place in a list can fail, and an error takes as long as 100 fields.
const fieldsPerPlace = 100;

type Variables = Readonly<Record<string, unknown>>;

/**
 * Refuses an operation whose answer would be huge though its calls are few: one ID, ten thousand times in a list, is one call, and
 * a list can be asked for by many aliases.
 */
export function useAnswerSize({ maxCalls }: AnswerSizeOptions): Plugin {
  const maxFields = Math.max(fieldsAtLeast, fieldsPerCall * maxCalls);
  return {
    onExecute({ args: { document, operationName, variableValues }, setResultAndStopExecution }) {
      if (countFields(document, operationName, variableValues ?? {}) <= maxFields) return;
      const error = clientError(
        'TOO_MANY_UPSTREAM_CALLS',
        `The answer would have more than ${maxFields} fields: too many at once.`,
      );
      setResultAndStopExecution({ data: null, errors: [error] });
    },
  };
}

/** How many fields the answer can have: those below a field that takes a list count once for each item of the list, and so does the error in its place. */
function countFields(
  document: DocumentNode,
  operationName: string | null | undefined,
  variables: Variables,
): number {
  const operation = getOperationAST(document, operationName);
  if (!operation) return 0;
  const fragments = new Map<string, SelectionSetNode>();
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION)
      fragments.set(definition.name.value, definition.selectionSet);
  }
  const defaults = new Map(
    operation.variableDefinitions?.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );

  const listLength = (value: ValueNode | undefined): number => {
    if (value?.kind === Kind.LIST) return value.values.length;
    if (value?.kind !== Kind.VARIABLE) return 0;
    const given = variables[value.name.value];
    if (given === undefined) return listLength(defaults.get(value.name.value));
    return Array.isArray(given) ? given.length : 0;
  };
  const ofField = ({ arguments: given = [], selectionSet }: FieldNode): number => {
    const below = selectionSet ? ofSelections(selectionSet) : 0;
    const places = Math.max(0, ...given.map(({ value }) => listLength(value)));
    return 1 + (places === 0 ? below : places * (fieldsPerPlace + below));
  };

  // A fragment is counted once however often it is spread: chains of them double at each link.
  const counted = new Map<SelectionSetNode, number>();
  const ofSelections = (selectionSet: SelectionSetNode): number => {
    let count = counted.get(selectionSet);
    if (count !== undefined) return count;
    count = 0;
    for (const selection of selectionSet.selections) {
      if (selection.kind === Kind.FIELD) count += ofField(selection);
      else if (selection.kind === Kind.INLINE_FRAGMENT) count += ofSelections(selection.selectionSet);
      else count += ofSelections(fragments.get(selection.name.value) ?? nothing);
    }
    counted.set(selectionSet, count);
    return count;
  };
  return ofSelections(operation.selectionSet);
}

const nothing: SelectionSetNode = { kind: Kind.SELECTION_SET, selections: [] };
