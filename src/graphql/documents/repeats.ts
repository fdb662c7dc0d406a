import { type DocumentNode, Kind, type SelectionSetNode } from 'graphql';

/** How many selections of fields in a document repeat the response name of another in the same selection set. */
export function countRepeats({ definitions }: DocumentNode): number {
  let repeats = 0;
  const countIn = ({ selections }: SelectionSetNode, seen: Set<string>) => {
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        const { value } = selection.alias ?? selection.name;
        if (seen.has(value)) repeats += 1;
        seen.add(value);
        if (selection.selectionSet) countIn(selection.selectionSet, new Set());
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        countIn(selection.selectionSet, seen);
      } else {
        const { value } = selection.name;
        if (seen.has(`...${value}`)) repeats += 1;
        seen.add(`...${value}`);
      }
    }
  };
  for (const definition of definitions) {
    if ('selectionSet' in definition) countIn(definition.selectionSet, new Set());
  }
  return repeats;
}
