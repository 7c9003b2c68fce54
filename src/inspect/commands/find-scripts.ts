/**
 * Finds the test command of a JavaScript project: its test script, run by its package manager, or else a declared test runner. Pure.
 */
import type { TreeReader } from '../../ports/test-runner';
import { managerOf } from '../packages/javascript';
import type { JavascriptManager } from '../packages/javascript';
import { isManifest } from '../project/find-workdir';
import type { FindCommand } from './find-commands';
import { readScripts } from './scripts';

interface Manifest {
  packageManager?: unknown;
  workspaces?: unknown;
  dependencies?: object;
  devDependencies?: object;
}

const COMMANDS = {
  npm: { test: ['npm', 'test'], all: ['npm', 'test', '--workspaces', '--if-present'] },
  pnpm: { test: ['pnpm', 'test'], all: ['pnpm', '--recursive', 'run', '--if-present', 'test'] },
  yarn: { test: ['yarn', 'test'], all: ['yarn', 'workspaces', 'foreach', '--all', 'run', 'test'] },
  bun: { test: ['bun', 'run', 'test'], all: ['bun', 'run', '--filter', '*', 'test'] },
} satisfies Record<JavascriptManager, { test: string[]; all: string[] }>;

/** The command of each test runner, for a project that declares the runner and has no script that starts it. */
const RUNNER_COMMANDS: Array<[string, string[]]> = [
  ['vitest', ['npx', 'vitest', 'run']],
  ['jest', ['npx', 'jest']],
  ['mocha', ['npx', 'mocha']],
  ['ava', ['npx', 'ava']],
  ['tap', ['npx', 'tap']],
  ['jasmine', ['npx', 'jasmine']],
  ['uvu', ['npx', 'uvu']],
];

export const findScriptCommand: FindCommand = async (tree, home) => {
  const { read, files } = tree;
  const text = await read('package.json');
  const manifest = parseManifest(text);
  const { manager } = managerOf(
    { has: (path) => home.files.includes(path) },
    parseManifest(await home.read('package.json')),
  );
  if (hasTestScript(text)) return [...COMMANDS[manager].test];
  const isWorkspace = manifest.workspaces !== undefined || files.includes('pnpm-workspace.yaml');
  if (isWorkspace && (await hasMemberTests(tree))) return await commandOfAll(tree, manager);
  const deno = files.find((file) => /^deno\.jsonc?$/.test(file));
  if (deno !== undefined) return (await denoCommand(tree, deno)) ?? ['deno', 'test', '--allow-all'];
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies });
  const declared = RUNNER_COMMANDS.find(([name]) => names.includes(name))?.[1];
  if (declared !== undefined) return [...declared];
  const isBun = manager === 'bun' && files.some((file) => /\.(test|spec)\.[jt]sx?$/.test(file));
  return isBun ? ['bun', 'test'] : undefined;
};

/** Tried last: in a project of another language, a file with such a name can be a web page's script or a load test. */
export const findNodeCommand: FindCommand = async ({ files }) => {
  const isNode = files.includes('package.json') || !files.some(isManifest);
  return isNode && files.some((file) => NODE_TESTS.test(file)) ? ['node', '--test'] : undefined;
};

/** The files that `node --test` runs as tests. */
const NODE_TESTS = /(^|[./_-])test\.[cm]?js$|(^|\/)test-[^/]*\.[cm]?js$|(^|\/)test\/.+\.[cm]?js$/;

/** False for the script of `npm init`, which only says that there are no tests. */
function hasTestScript(text: string | undefined): boolean {
  const test = readScripts(text).get('test');
  return test !== undefined && test.trim() !== '' && !/no tests? specified/.test(test);
}

async function hasMemberTests({ files, read }: TreeReader): Promise<boolean> {
  for (const file of files.filter((one) => one.endsWith('/package.json') && !one.includes('node_modules/'))) {
    if (hasTestScript(await read(file))) return true;
  }
  return false;
}

/** Returns the command that runs the tests of all members of a workspace. Yarn 1 has no `foreach`. */
async function commandOfAll({ files, read }: TreeReader, manager: JavascriptManager): Promise<string[]> {
  if (manager !== 'yarn') return [...COMMANDS[manager].all];
  const lock = (await read('yarn.lock')) ?? '';
  const isYarn1 = /^# yarn lockfile v1$/m.test(lock) && !files.includes('.yarnrc.yml');
  return isYarn1 ? ['yarn', 'workspaces', 'run', 'test'] : [...COMMANDS.yarn.all];
}

async function denoCommand({ read }: TreeReader, file: string): Promise<string[] | undefined> {
  return /"tasks"\s*:\s*\{[^}]*"test"\s*:/.test((await read(file)) ?? '') ? ['deno', 'task', 'test'] : undefined;
}

function parseManifest(text: string | undefined): Manifest {
  try {
    const found: unknown = JSON.parse(text ?? '{}');
    return typeof found === 'object' && found !== null ? found : {};
  } catch {
    return {};
  }
}
