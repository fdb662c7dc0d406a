import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';

/** Whether an argument is more likely a token than the ID of a conference. */
export function looksLikeToken(argument: string, token: string | undefined): boolean {
  return (
    argument === token ||
    argument.length > 64 ||
    /^bearer\b|token|^[\w-]{8,}\.[\w-]+\.[\w-]+$/i.test(argument)
  );
}

/** Asks for a line that is not shown while it is typed; undefined where the person breaks off. */
export async function askHidden(
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<string | undefined> {
  // The line editor echoes what is typed, and so is given nowhere to write it to.
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
