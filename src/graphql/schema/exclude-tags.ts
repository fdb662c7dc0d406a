import {
  type ASTNode,
  type DirectiveNode,
  type DocumentNode,
  type InputValueDefinitionNode,
  isTypeDefinitionNode,
  isTypeExtensionNode,
  Kind,
  type TypeDefinitionNode,
  type TypeExtensionNode,
  type TypeNode,
  visit,
} from 'graphql';
import { SettingError } from '../../base/setting-error.ts';
import { brokenKeys } from './keys.ts';

type TypePart = TypeDefinitionNode | TypeExtensionNode;

/**
 * Removes from the SDL every part that has one of these tags, then every type that has no fields left, and every field and argument of
 * such a type. A field is also removed if an argument that it requires is removed.
 *
 * @throws {SettingError} if no part of the schema has the tag, or if a `@key` would lose a field: the router could not fetch the entity.
 */
export function excludeTags(sdl: DocumentNode, tags: readonly string[]): DocumentNode {
  if (tags.length === 0) return sdl;
  const known = tagsIn(sdl);
  const unknown = tags.find((tag) => !known.has(tag));
  // A misspelt tag would silently hide nothing.
  if (unknown !== undefined) {
    throw new SettingError(
      `EXCLUDE_TAGS: the schema has no tag ${JSON.stringify(unknown)}; its tags are ${[...known].join(', ')}`,
    );
  }
  const isTagged = (node: ASTNode) =>
    'directives' in node &&
    (node.directives?.some((directive) => tags.includes(tagOf(directive) ?? '')) ?? false);

  let gone = new Set(typeParts(sdl).filter(isTagged).map(nameOf));
  let rest = without(sdl, isTagged, gone);
  for (;;) {
    const left = new Set(typeParts(rest).filter(hasMembers).map(nameOf));
    const emptied = new Set(typeParts(rest).map(nameOf)).difference(left);
    if (emptied.size === 0) break;
    gone = gone.union(emptied);
    rest = without(rest, isTagged, gone);
  }
  const [broken] = brokenKeys(rest);
  if (broken) {
    throw new SettingError(
      `EXCLUDE_TAGS: ${tags.join(',')} removes ${broken.type}.${broken.field}, which is part of the key of ${broken.entity}`,
    );
  }
  return { ...rest, definitions: rest.definitions.filter((part) => !isIdleExtension(part)) };
}

function without(
  sdl: DocumentNode,
  isTagged: (node: ASTNode) => boolean,
  gone: ReadonlySet<string>,
): DocumentNode {
  const isOfGone = (type: TypeNode): boolean =>
    type.kind === Kind.NAMED_TYPE ? gone.has(type.name.value) : isOfGone(type.type);
  const isGone = (node: ASTNode): boolean => {
    if (isTagged(node)) return true;
    if (isTypePart(node)) return gone.has(nameOf(node));
    if (node.kind === Kind.NAMED_TYPE) return isOfGone(node);
    if (node.kind === Kind.INPUT_VALUE_DEFINITION) return isOfGone(node.type);
    if (node.kind !== Kind.FIELD_DEFINITION) return false;
    return isOfGone(node.type) || node.arguments?.some((one) => isRequired(one) && isGone(one)) === true;
  };
  return visit(sdl, { enter: (node) => (isGone(node) ? null : undefined) });
}

const isIdleExtension = (node: ASTNode) =>
  isTypeExtensionNode(node) && !hasMembers(node) && !node.directives?.length;

const isTypePart = (node: ASTNode): node is TypePart =>
  isTypeDefinitionNode(node) || isTypeExtensionNode(node);

const typeParts = ({ definitions }: DocumentNode): TypePart[] => definitions.filter(isTypePart);

const nameOf = ({ name }: TypePart): string => name.value;

function hasMembers(part: TypePart): boolean {
  if ('fields' in part) return part.fields.length > 0;
  if ('values' in part) return part.values.length > 0;
  if ('types' in part) return part.types.length > 0;
  return true;
}

function isRequired({ type, defaultValue }: InputValueDefinitionNode): boolean {
  return type.kind === Kind.NON_NULL_TYPE && defaultValue === undefined;
}

function tagsIn(sdl: DocumentNode): ReadonlySet<string> {
  const tags = new Set<string>();
  visit(sdl, {
    Directive(directive) {
      const tag = tagOf(directive);
      if (tag !== undefined) tags.add(tag);
    },
  });
  return tags;
}

function tagOf({ name, arguments: given }: DirectiveNode): string | undefined {
  if (name.value !== 'tag') return undefined;
  const value = given?.find((argument) => argument.name.value === 'name')?.value;
  return value?.kind === Kind.STRING ? value.value : undefined;
}
