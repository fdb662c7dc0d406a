import type { GraphQLError } from 'graphql';

/**
 * Sorts the errors of an answer by their location in the document, then by their path (item 2 before item 10). graphql's own order
 * depends on which call fails first, and on whether the operation is executed a second time.
 */
export function byPlace(one: GraphQLError, other: GraphQLError): number {
  const [here] = one.locations ?? [];
  const [there] = other.locations ?? [];
  return (
    (here?.line ?? 0) - (there?.line ?? 0) ||
    (here?.column ?? 0) - (there?.column ?? 0) ||
    byPath(one.path ?? [], other.path ?? [])
  );
}

type Path = readonly (string | number)[];

function byPath(one: Path, other: Path): number {
  for (const [at, step] of one.entries()) {
    const beside = other[at];
    if (beside === undefined) return 1;
    if (step === beside) continue;
    if (typeof step === 'number' && typeof beside === 'number') return step - beside;
    return String(step) < String(beside) ? -1 : 1;
  }
  return one.length - other.length;
}
