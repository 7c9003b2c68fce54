/**
 * Test tools of this machine, as copies that a sandbox can be given: where Python, or this repository, lies may be closed to its user.
 */
import { execFileSync, spawnSync } from 'node:child_process';
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

const NODE_MODULES = join(__dirname, '../../../node_modules');

/** This repository's packages, jest among them: names for the same files, or copies on another file system. */
export function copyPackages(to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  const { status } = spawnSync('cp', ['-al', `${NODE_MODULES}/.`, to], { stdio: 'ignore' });
  if (status !== 0) execFileSync('cp', ['-a', '--remove-destination', `${NODE_MODULES}/.`, to]);
}
