/**
 * Finds the test command of a project in its manifests, with one finder for each ecosystem. Pure.
 *
 * Commands are argument lists; a script of a manifest is run by the project's own package manager.
 */
import type { TreeReader } from '../../ports/test-runner';
import { usedModules } from '../packages/go';
import { foldersAbove, WORKSPACE_FILES, workspaceFolder } from '../packages/workspace-folder';
import { findNodeCommand, findScriptCommand } from './find-scripts';
import { findPythonCommand } from './find-python';

/** The names that make looks for, in order. */
export const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/** `home`: the folder where a JavaScript project's packages are installed; for a member of a workspace it is a folder above. */
export type Find = (tree: TreeReader, home: TreeReader) => Promise<string[] | undefined>;

/** Returns undefined if nothing says how the tests of the project in `workdir` run; '' is the root. */
export async function findTestCommand(tree: TreeReader, workdir = ''): Promise<string[] | undefined> {
  const below = treeBelow(tree, workdir);
  const home = treeBelow(tree, await homeOf(tree, workdir));
  for (const find of FINDERS) {
    const found = await find(below, home);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function homeOf({ files, read }: TreeReader, workdir: string): Promise<string> {
  const texts = new Map<string, string | undefined>();
  for (const folder of foldersAbove(workdir)) {
    for (const name of WORKSPACE_FILES) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (files.includes(path)) texts.set(path, await read(path));
    }
  }
  return workspaceFolder('javascript', workdir, (path) => texts.get(path));
}

/** The files below a folder, with paths relative to it. */
export function treeBelow({ files, read }: TreeReader, folder: string): TreeReader {
  if (folder === '') return { files, read };
  const prefix = `${folder}/`;
  const inside = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  return { files: inside, read: (path) => read(`${prefix}${path}`) };
}

/** Names each module of a workspace, even with a module at its root: `./...` would skip the others. */
const go: Find = async ({ files, read }) => {
  const modules = files.includes('go.work') ? usedModules((await read('go.work')) ?? '') : [];
  if (modules.length > 0) return ['go', 'test', ...modules.map((path) => `${path}/...`)];
  return files.includes('go.mod') ? ['go', 'test', './...'] : undefined;
};

const rust: Find = async ({ files, read }) => {
  if (!files.includes('Cargo.toml')) return undefined;
  const isWorkspace = /^\[workspace\]/m.test((await read('Cargo.toml')) ?? '');
  return ['cargo', 'test', '--offline', '--no-fail-fast', ...(isWorkspace ? ['--workspace'] : [])];
};

/** Runs all modules even if one fails, with the project's wrapper, since it fetched the plugins of its own Maven version. */
const maven: Find = async ({ files }) => {
  const program = files.includes('mvnw') ? ['sh', './mvnw'] : ['mvn'];
  return files.includes('pom.xml') ? [...program, '--offline', '--batch-mode', '--fail-at-end', 'test'] : undefined;
};

const gradle: Find = async ({ files }) => {
  if (!files.some((file) => /^(build|settings)\.gradle(\.kts)?$/.test(file))) return undefined;
  return [files.includes('gradlew') ? './gradlew' : 'gradle', '--offline', '--continue', 'test'];
};

const dotnet: Find = async ({ files }) =>
  files.some((file) => /^([^/]+\.sln[x]?|[^/]+\.[cf]sproj)$/.test(file))
    ? ['dotnet', 'test', '--no-restore']
    : undefined;

const ruby: Find = async ({ files }) => {
  const bundle = files.includes('Gemfile') ? ['bundle', 'exec'] : [];
  if (files.some((file) => file === '.rspec' || /^spec\/.+_spec\.rb$/.test(file))) return [...bundle, 'rspec'];
  const isRake = files.includes('Rakefile') && files.some((file) => /^test\/.+\.rb$/.test(file));
  return isRake ? [...bundle, 'rake', 'test'] : undefined;
};

const php: Find = async ({ files }) =>
  files.some((file) => /^phpunit[^/]*\.xml(\.dist)?$/.test(file)) ? ['vendor/bin/phpunit'] : undefined;

const make: Find = async ({ read, files }) => {
  const name = MAKEFILES.find((file) => files.includes(file));
  if (name === undefined) return undefined;
  const rules = (await read(name)) ?? '';
  const target = ['test', 'check', 'tests'].find((one) => new RegExp(`^${one}\\s*:(?!=)`, 'm').test(rules));
  return target === undefined ? undefined : ['make', target];
};

const cmake: Find = async ({ read, files }) => {
  const hasTests = /\b(enable_testing|add_test|gtest_discover_tests)\s*\(|include\s*\(\s*CTest/i;
  if (!files.includes('CMakeLists.txt') || !hasTests.test((await read('CMakeLists.txt')) ?? '')) return undefined;
  const steps = 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure';
  return ['sh', '-c', steps];
};

/** The finders that belong to one language. */
export const FINDERS_BY_ECOSYSTEM = {
  ...{ JavaScript: findScriptCommand, Python: findPythonCommand, Go: go, Rust: rust },
  ...{
    Java: async (tree, home) => (await maven(tree, home)) ?? gradle(tree, home),
    '.NET': dotnet,
    Ruby: ruby,
    PHP: php,
  },
} satisfies Record<string, Find>;

/** In order of preference: ctest names its tests, while a make rule may print anything. */
const FINDERS: readonly Find[] = [
  ...[findScriptCommand, findPythonCommand, go, rust, maven, gradle, dotnet, ruby, php, cmake, make, findNodeCommand],
];
