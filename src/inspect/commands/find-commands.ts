/**
 * The test command of a repository, from its own manifests: one finder an ecosystem. Pure.
 *
 * Argument lists only; the orchestrator gives nothing of a manifest to a shell.
 */
import type { TreeReader } from '../../ports/test-runner';
import { readScripts } from './scripts';

/** Where make reads its rules: the first that is there. */
export const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

type Find = (tree: TreeReader) => Promise<string[] | undefined>;

/** Undefined where nothing says how the tests of the tree run. */
export async function findTestCommand(tree: TreeReader): Promise<string[] | undefined> {
  for (const find of FINDERS) {
    const found = await find(tree);
    if (found !== undefined) return found;
  }
  return undefined;
}

const javascript: Find = async ({ read, files }) => {
  const test = readScripts(await read('package.json')).get('test');
  if (test === undefined || /no test specified/.test(test)) return hasNodeTests(files) ? nodeTest([]) : undefined;
  const direct = plainNodeTest(test);
  return direct === undefined ? ['npm', 'test', '--silent'] : nodeTest(direct);
};

const python: Find = async ({ read, files }) => {
  const isPython =
    files.some((file) => /^(pytest\.ini|conftest\.py|(tests?\/(.+\/)?)?test_[^/]+\.py)$/.test(file)) ||
    /^\[tool\.pytest/m.test((await read('pyproject.toml')) ?? '');
  return isPython ? ['python3', '-m', 'pytest', '-q'] : undefined;
};

/** Only the verbose form names the tests, so only it can be counted. */
const go: Find = async ({ files }) => (files.includes('go.mod') ? ['go', 'test', '-v', './...'] : undefined);

const rust: Find = async ({ files }) => (files.includes('Cargo.toml') ? ['cargo', 'test', '--offline'] : undefined);

const make: Find = async ({ read, files }) => {
  const name = MAKEFILES.find((file) => files.includes(file));
  if (name === undefined) return undefined;
  return /^test\s*:(?!=)/m.test((await read(name)) ?? '') ? ['make', 'test'] : undefined;
};

/** In the order in which they are asked. */
const FINDERS: readonly Find[] = [javascript, python, go, rust, make];

/** The arguments after `node --test` where the script is that and nothing a shell would have to read; undefined otherwise. */
function plainNodeTest(script: string): string[] | undefined {
  const words = script.trim().split(/\s+/);
  if (words[0] !== 'node' || !words.includes('--test')) return undefined;
  if (!words.every((word) => /^[\w@./:=,-]+$/.test(word))) return undefined;
  return words.slice(1).filter((word) => word !== '--test' && !word.startsWith('--test-reporter'));
}

function nodeTest(args: string[]): string[] {
  return ['node', '--test', '--test-reporter=tap', ...args];
}

function hasNodeTests(files: string[]): boolean {
  return files.some((file) => /(^|[./_-])test\.[cm]?js$|^tests?\/.+\.[cm]?js$/.test(file));
}
