/** People taking part at a moment; null from where on nobody knows. */
export interface Point {
  readonly atMs: number;
  readonly attendees: number | null;
}

export type History = readonly Point[];

// An hour of a change every five seconds. Older ones go.
const maxPoints = 720;

/** A point that changes nothing is not kept: between two points the number is that of the first. */
export function withPoint(history: History, point: Point): History {
  const last = history.at(-1);
  if (last ? last.attendees === point.attendees : point.attendees === null) return history;
  return [...history.slice(1 - maxPoints), point];
}

/** The numbers that were seen, as a sentence can tell them. Undefined before the first. */
export function spanOf(history: History): { readonly least: number; readonly most: number } | undefined {
  const known = history.flatMap(({ attendees }) => attendees ?? []);
  return known.length > 0 ? { least: Math.min(...known), most: Math.max(...known) } : undefined;
}
