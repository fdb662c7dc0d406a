/** What may be told of an unforeseen error: its kind, and where it came from. Its message can hold what a caller or the upstream sent. */
export function describeDefect(error: unknown): { readonly name: string; readonly stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, stack: '' };
  return { name: wordOf(error.constructor.name) ?? 'Error', stack: framesOf(error) };
}

/** A name or a code of the runtime's or the system's making; undefined where it could be something else. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]\w{0,63}$/i.test(value) ? value : undefined;
}

// The stack begins with the message, which can hold lines that look like frames.
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  if (at < 0) return '';
  const lines = stack.slice(at + message.length).split('\n');
  return lines.filter((line) => line.startsWith('    at ')).join('\n');
}
