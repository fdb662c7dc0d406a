import { readFileSync } from 'node:fs';

/** The commit of the checkout, or undefined if this does not run in one: in an image, `COMMIT` names it. */
export function readCommit(git = new URL('../../.git/', import.meta.url)): string | undefined {
  const read = (name: string) => {
    try {
      return readFileSync(new URL(name, git), 'utf8').trim();
    } catch {
      return undefined;
    }
  };
  const head = read('HEAD');
  const ref = head?.startsWith('ref: ') ? head.slice('ref: '.length) : undefined;
  if (ref === undefined) return head;
  const packed = read('packed-refs')
    ?.split('\n')
    .find((line) => line.endsWith(` ${ref}`));
  return read(ref) ?? packed?.split(' ')[0];
}
