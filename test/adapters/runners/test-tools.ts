/**
 * Test tools as copies that a sandbox can be given: pytest of this machine's Python, this repository's packages, and the runners
 * of JavaScript, which npm installs once into a folder that all test runs share.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const PARTS = ['_pytest', 'iniconfig', 'packaging', 'pluggy', 'py', 'pytest'];
const WHERE = `import ${PARTS.join(', ')}\nfor one in (${PARTS.join(', ')}): print(getattr(one, '__path__', [one.__file__])[0])`;
const { status, stdout } = spawnSync('python3', ['-c', WHERE], { encoding: 'utf8' });

export const hasPytest = status === 0;

export function copyPytest(to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const folder of stdout.trim().split('\n'))
    cpSync(folder, join(to, basename(folder)), { recursive: true, dereference: true });
  // What says which versions they are.
  const [first = ''] = stdout.trim().split('\n');
  for (const name of readdirSync(dirname(first)))
    if (/^(pytest|pluggy|iniconfig|packaging)-.*\.dist-info$/.test(name))
      cpSync(join(dirname(first), name), join(to, name), { recursive: true });
}

/** Where the sandbox's own Python looks for packages of its user. */
export function userSite(): string {
  const version = 'import sys; print("python%d.%d" % sys.version_info[:2])';
  const found = spawnSync('/usr/bin/python3', ['-c', version], { encoding: 'utf8' }).stdout.trim();
  return `/tmp/.local/lib/${found}/site-packages`;
}

const NODE_MODULES = join(__dirname, '../../../node_modules');

/** This repository's packages, jest among them: names for the same files, or copies on another file system. */
export function copyPackages(to: string): void {
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  const { status } = spawnSync('cp', ['-al', `${NODE_MODULES}/.`, to], { stdio: 'ignore' });
  if (status !== 0) execFileSync('cp', ['-a', '--remove-destination', `${NODE_MODULES}/.`, to]);
}

const RUNNERS = [
  'jest@30',
  'vitest@3',
  'mocha@11',
  'ava@6',
  'tap@21',
  'uvu@0.5',
  '@playwright/test@1',
  'jasmine@5',
  'tsx@4',
  'tape@5',
];
const INSTALLED = join(tmpdir(), `q-test-runners-${process.getuid?.() ?? 0}-1`);

/** The folder of packages with all runners in it; undefined where npm cannot install them. */
export function installRunners(): string | undefined {
  const modules = join(INSTALLED, 'node_modules');
  if (existsSync(modules)) {
    mkdirSync(join(modules, '.cache'), { recursive: true });
    return modules;
  }
  const aside = mkdtempSync(`${INSTALLED}.`);
  chmodSync(aside, 0o755);
  writeFileSync(join(aside, 'package.json'), '{"private":true}');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags, ...RUNNERS], {
    cwd: aside,
    stdio: 'ignore',
    timeout: 300_000,
  });
  if (status === 0 && !existsSync(INSTALLED)) renameSync(aside, INSTALLED);
  else rmSync(aside, { recursive: true, force: true });
  return existsSync(modules) ? installRunners() : undefined;
}
