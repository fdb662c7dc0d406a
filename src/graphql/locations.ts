import type { ASTNode, Source, SourceLocation } from 'graphql';

// Per source, the positions at which its lines start.
const lineStarts = new WeakMap<Source, readonly number[]>();

/**
 * The locations of nodes in their document. graphql's `getLocation` scans the document from its start for each error: with a thousand
 * lines, that costs six times as much as the error itself.
 */
export function locationsOf(nodes: readonly ASTNode[]): SourceLocation[] {
  return nodes.flatMap(({ loc }) => (loc ? [locationOf(loc.source, loc.start)] : []));
}

function locationOf(source: Source, position: number): SourceLocation {
  let starts = lineStarts.get(source);
  if (!starts) lineStarts.set(source, (starts = startsOfLines(source.body)));
  let line = 0;
  let beyond = starts.length;
  while (beyond - line > 1) {
    const middle = (line + beyond) >> 1;
    if ((starts[middle] ?? 0) <= position) line = middle;
    else beyond = middle;
  }
  return { line: line + 1, column: position - (starts[line] ?? 0) + 1 };
}

function startsOfLines(text: string): number[] {
  const starts = [0];
  for (const { 0: ending, index } of text.matchAll(lineBreak)) starts.push(index + ending.length);
  return starts;
}

const lineBreak = /\r\n|[\n\r]/g;

/** Whether a text has more lines than this, as GraphQL counts them. */
export function hasMoreLines(text: string, maxLines: number): boolean {
  if (text.length < maxLines) return false;
  let lines = 1;
  for (const _ of text.matchAll(lineBreak)) {
    lines += 1;
    if (lines > maxLines) return true;
  }
  return false;
}
