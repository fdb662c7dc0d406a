import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whether an argument is more likely a token than the ID of a conference. */
export function looksLikeToken(argument: string, token: string | undefined): boolean {
  return (
    argument === token ||
    argument.length > 64 ||
    /^bearer\b|token/i.test(argument) ||
    /^[\w-]{8,}\.[\w-]+\.[\w-]+$/.test(argument)
  );
}

/** Asks for a line of input without echo; undefined if the user cancels with Ctrl-C or Ctrl-D. */
export async function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  // readline echoes the input to its output, so its output discards everything.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const editor = createInterface({ input, output: nowhere, terminal: true, historySize: 0 });
  const brokenOff = Promise.withResolvers<undefined>();
  editor.once('close', () => brokenOff.resolve(undefined));
  editor.once('SIGINT', () => editor.close());
  output.write(question);
  const line = await Promise.race([editor.question(''), brokenOff.promise]);
  editor.close();
  output.write('\n');
  return line;
}
