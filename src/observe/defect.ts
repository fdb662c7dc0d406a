/** What may be told of an unforeseen error. Its message can hold what a caller or the upstream sent; the frames of its stack cannot. */
export function describeDefect(error: unknown): { readonly name: string; readonly stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, stack: '' };
  const frames = error.stack?.split('\n').filter((line) => line.startsWith('    at ')) ?? [];
  return { name: error.constructor.name, stack: frames.join('\n') };
}
