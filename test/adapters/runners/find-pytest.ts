/**
 * This machine's pytest, as a copy that a sandbox can be given: where Python lies may be closed to the sandbox's user.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';

const PARTS = ['_pytest', 'iniconfig', 'packaging', 'pluggy', 'py', 'pytest'];
const WHERE = `import ${PARTS.join(', ')}\nfor one in (${PARTS.join(', ')}): print(getattr(one, '__path__', [one.__file__])[0])`;
const { status, stdout } = spawnSync('python3', ['-c', WHERE], { encoding: 'utf8' });

export const hasPytest = status === 0;

export function copyPytest(to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const folder of stdout.trim().split('\n'))
    cpSync(folder, join(to, basename(folder)), { recursive: true, dereference: true });
}
