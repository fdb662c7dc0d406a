import { type DocumentNode, Kind, parse, type SelectionSetNode, type TypeNode } from 'graphql';

/** A field that a `@key` names but its type does not have. */
export interface BrokenKey {
  readonly entity: string;
  readonly type: string;
  readonly field: string;
}

/** Finds the fields that `@key`s of the SDL name but that do not exist. */
export function brokenKeys({ definitions }: DocumentNode): BrokenKey[] {
  const types = new Map<string, Map<string, string>>();
  const keys: { entity: string; fields: string }[] = [];
  for (const definition of definitions) {
    if (!('fields' in definition) || definition.fields === undefined) continue;
    const type = definition.name.value;
    const fields = types.get(type) ?? new Map<string, string>();
    types.set(type, fields);
    for (const field of definition.fields) fields.set(field.name.value, namedType(field.type));
    for (const { name, arguments: given } of definition.directives ?? []) {
      const value = given?.find((argument) => argument.name.value === 'fields')?.value;
      if (name.value === 'key' && value?.kind === Kind.STRING)
        keys.push({ entity: type, fields: value.value });
    }
  }

  const follow = (entity: string, type: string, { selections }: SelectionSetNode): BrokenKey[] =>
    selections.flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return [];
      const field = selection.name.value;
      const below = types.get(type)?.get(field);
      if (below === undefined) return [{ entity, type, field }];
      return selection.selectionSet ? follow(entity, below, selection.selectionSet) : [];
    });
  return keys.flatMap(({ entity, fields }) =>
    parse(`{ ${fields} }`).definitions.flatMap((definition) =>
      'selectionSet' in definition ? follow(entity, entity, definition.selectionSet) : [],
    ),
  );
}

const namedType = (type: TypeNode): string =>
  type.kind === Kind.NAMED_TYPE ? type.name.value : namedType(type.type);
