import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A group of processes that may use so much memory, as a container is. */
export interface Container extends Disposable {
  /** The command that starts another one in it. */
  wrap(command: readonly string[]): string[];
}

const roots = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
];

/** Undefined where this user may make none: then the machine itself is the container. */
export function createContainer(memoryBytes: number): Container | undefined {
  for (const { root, limit } of roots) {
    const folder = join(root, `gateway-test-${process.pid}-${memoryBytes}`);
    try {
      mkdirSync(folder);
    } catch {
      continue;
    }
    if (!existsSync(join(folder, limit))) {
      rmdirSync(folder);
      continue;
    }
    writeFileSync(join(folder, limit), String(memoryBytes));
    return {
      wrap: (command) => ['sh', '-c', `echo $$ > ${folder}/cgroup.procs; exec "$@"`, 'sh', ...command],
      [Symbol.dispose]: () => void setTimeout(remove, 1000, folder),
    };
  }
  return undefined;
}

/** The kernel lets go of it once its last process has ended. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    setTimeout(remove, 1000, folder).unref();
  }
}
