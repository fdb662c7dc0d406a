import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A control group with a memory limit, as a container has. */
export interface Container extends Disposable {
  /** The command that runs this command in it. */
  wrap(command: readonly string[]): string[];
}

const roots = [
  { root: '/sys/fs/cgroup/memory', limit: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', limit: 'memory.max' },
];

/** Undefined if this user may not create one. Then the memory of the machine is the limit. */
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

/** The kernel removes it only when its last process has ended. */
function remove(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    setTimeout(remove, 1000, folder).unref();
  }
}
