/**
 * Installs or copies test tools for sandboxes: pytest of this machine's Python, and the JavaScript runners. All test runs of a user
 * share the folders into which npm and pip install.
 */
import { spawnSync } from 'node:child_process';
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

const PYTEST_PACKAGES = ['_pytest', 'iniconfig', 'packaging', 'pluggy', 'py', 'pytest'];
const PRINT_PATHS = `import ${PYTEST_PACKAGES.join(', ')}\nfor one in (${PYTEST_PACKAGES.join(', ')}): print(getattr(one, '__path__', [one.__file__])[0])`;

/** Finds the folders of pytest and its packages; empty if the machine's Python lacks it and pip cannot install it. */
let pytestPaths: string[] | undefined;

export function hasPytest(): boolean {
  return findPytest().length > 0;
}

export function copyPytest(to: string): void {
  const paths = findPytest();
  if (paths.length === 0) throw new Error('python3 has no pytest, and "python3 -m pip" could not install it');
  mkdirSync(to, { recursive: true });
  chmodSync(to, 0o755);
  for (const path of paths) cpSync(path, join(to, basename(path)), { recursive: true, dereference: true });
}

function findPytest(): string[] {
  pytestPaths ??= machinePytest() ?? installedPytest();
  return pytestPaths;
}

function machinePytest(): string[] | undefined {
  const { status, stdout } = spawnSync('python3', ['-c', PRINT_PATHS], { encoding: 'utf8' });
  if (status !== 0) return undefined;
  const paths = stdout.trim().split('\n');
  // The `.dist-info` folders next to the packages give their versions.
  const site = dirname(paths[0] ?? '');
  const infoFolders = readdirSync(site).filter((name) =>
    /^(pytest|pluggy|iniconfig|packaging)-.*\.dist-info$/.test(name),
  );
  return [...paths, ...infoFolders.map((name) => join(site, name))];
}

function installedPytest(): string[] {
  const flags = ['--quiet', '--disable-pip-version-check', '--no-compile', '--target', 'packages'];
  const folder = install('pytest', {
    result: 'packages',
    command: ['python3', '-m', 'pip', 'install', ...flags, 'pytest'],
  });
  return folder === undefined ? [] : readdirSync(folder).map((name) => join(folder, name));
}

/** Returns the folder in which the sandbox's Python searches packages of its user. */
export function userSite(): string {
  const version = 'import sys; print("python%d.%d" % sys.version_info[:2])';
  const versionName = spawnSync('/usr/bin/python3', ['-c', version], { encoding: 'utf8' }).stdout.trim();
  return `/tmp/.local/lib/${versionName}/site-packages`;
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

/** Folders inside `node_modules` into which tools write. */
export const CACHES = ['.cache', '.vite-temp', '.vite'];

/** Installs all runners; returns their `node_modules`, or undefined if npm cannot install them. */
export function installRunners(): string | undefined {
  const folder = installPackages('runners', RUNNERS);
  for (const name of CACHES) if (folder !== undefined) mkdirSync(join(folder, name), { recursive: true });
  return folder;
}

/** Installs a package manager; returns its folder and the path of its program inside it. */
export function installManager(name: string, version: string): { folder: string; program: string } {
  const modules = installPackages(name, [version]);
  if (modules === undefined) throw new Error(`npm could not install ${version}`);
  const folder = join(modules, name);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  return { folder, program: bin[name] ?? '' };
}

function installPackages(name: string, packages: string[]): string | undefined {
  const flags = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  return install(name, { result: 'node_modules', command: ['npm', 'install', ...flags, ...packages] });
}

/** Installs once for all test runs of this user. `result` is the folder that the command makes in its working folder. */
function install(name: string, { result, command }: { result: string; command: string[] }): string | undefined {
  const sharedFolder = join(tmpdir(), `q-test-${name}-${process.getuid?.() ?? 0}-1`);
  const resultFolder = join(sharedFolder, result);
  if (existsSync(resultFolder)) return resultFolder;
  const partialFolder = mkdtempSync(`${sharedFolder}.`);
  chmodSync(partialFolder, 0o755);
  writeFileSync(join(partialFolder, 'package.json'), '{"private":true}');
  const [file = '', ...args] = command;
  const { status } = spawnSync(file, args, { cwd: partialFolder, stdio: 'ignore', timeout: 300_000 });
  if (status === 0 && !existsSync(sharedFolder)) renameSync(partialFolder, sharedFolder);
  else rmSync(partialFolder, { recursive: true, force: true });
  return existsSync(resultFolder) ? resultFolder : undefined;
}
