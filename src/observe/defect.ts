/** The part of an unexpected error that may be logged: its name and stack frames. Its message can contain data of a caller or the upstream. */
export function describeDefect(error: unknown): { readonly name: string; readonly stack: string } {
  if (!(error instanceof Error)) return { name: typeof error, stack: '' };
  return { name: wordOf(error.constructor.name) ?? 'Error', stack: framesOf(error) };
}

/** The value if it looks like an error name or code of Node or the system, otherwise undefined. */
export function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[a-z]\w{0,63}$/i.test(value) ? value : undefined;
}

// The stack begins with the message, which can contain lines that look like frames.
function framesOf({ stack = '', message }: Error): string {
  const at = stack.indexOf(message);
  if (at < 0) return '';
  const lines = stack.slice(at + message.length).split('\n');
  return lines.filter((line) => line.startsWith('    at ')).join('\n');
}
