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
  readFileSync,
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

/** Where tools write into it. */
export const CACHES = ['.cache', '.vite-temp', '.vite'];

/** The folder of packages with all runners in it; undefined where npm cannot install them. */
export function installRunners(): string | undefined {
  const folder = install('runners', RUNNERS);
  for (const name of CACHES) if (folder !== undefined) mkdirSync(join(folder, name), { recursive: true });
  return folder;
}

/** A package manager, and its program in it. */
export function installManager(name: string, version: string): { folder: string; program: string } {
  const modules = install(name, [version]);
  if (modules === undefined) throw new Error(`npm could not install ${version}`);
  const folder = join(modules, name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  return { folder, program: bin[name] ?? '' };
}

/** Once for all test runs of this user. */
function install(name: string, packages: string[]): string | undefined {
  const place = join(tmpdir(), `q-test-${name}-${process.getuid?.() ?? 0}-1`);
  const modules = join(place, 'node_modules');
  if (existsSync(modules)) return modules;
  const aside = mkdtempSync(`${place}.`);
  chmodSync(aside, 0o755);
  writeFileSync(join(aside, 'package.json'), '{"private":true}');
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const { status } = spawnSync('npm', ['install', ...flags, ...packages], {
    cwd: aside,
    stdio: 'ignore',
    timeout: 300_000,
  });
  if (status === 0 && !existsSync(place)) renameSync(aside, place);
  else rmSync(aside, { recursive: true, force: true });
  return existsSync(modules) ? modules : undefined;
}
