/**
 * Finds the test command of a project in its manifests, with one finder for each ecosystem. Pure.
 *
 * A command is a list of arguments. The project's own package manager runs a script of a manifest.
 */
import type { TreeReader } from '../../ports/test-runner';
import { usedModules } from '../packages/go';
import { foldersAbove, WORKSPACE_FILES, workspaceFolder } from '../packages/workspace-folder';
import { findNodeCommand, findScriptCommand } from './find-scripts';
import { findPythonCommand } from './find-python';

/** The names that make looks for, in order. */
export const MAKEFILES = ['GNUmakefile', 'makefile', 'Makefile'];

/** `home`: the files of the folder in which a JavaScript project's packages are installed; of a workspace's member, a folder above. */
export type FindCommand = (tree: TreeReader, home: TreeReader) => Promise<string[] | undefined>;

/** Returns undefined if no manifest or file says how the tests of the project in `workdir` run; '' is the root. */
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

/** Returns the files below a folder, with paths relative to it. */
export function treeBelow({ files, read }: TreeReader, folder: string): TreeReader {
  if (folder === '') return { files, read };
  const prefix = `${folder}/`;
  const inside = files.filter((file) => file.startsWith(prefix)).map((file) => file.slice(prefix.length));
  return { files: inside, read: (path) => read(`${prefix}${path}`) };
}

/** Names each module of a workspace, because `./...` skips all modules but the one in the folder itself. */
const findGoCommand: FindCommand = async ({ files, read }) => {
  const modules = files.includes('go.work') ? usedModules((await read('go.work')) ?? '') : [];
  if (modules.length > 0) return ['go', 'test', ...modules.map((path) => `${path}/...`)];
  return files.includes('go.mod') ? ['go', 'test', './...'] : undefined;
};

const findRustCommand: FindCommand = async ({ files, read }) => {
  if (!files.includes('Cargo.toml')) return undefined;
  const isWorkspace = /^\[workspace\]/m.test((await read('Cargo.toml')) ?? '');
  return ['cargo', 'test', '--offline', '--no-fail-fast', ...(isWorkspace ? ['--workspace'] : [])];
};

/** Runs all modules even if one fails. Uses the project's wrapper if there is one: the plugins were fetched for its Maven version. */
const findMavenCommand: FindCommand = async ({ files }) => {
  const program = files.includes('mvnw') ? ['sh', './mvnw'] : ['mvn'];
  return files.includes('pom.xml') ? [...program, '--offline', '--batch-mode', '--fail-at-end', 'test'] : undefined;
};

const findGradleCommand: FindCommand = async ({ files }) => {
  if (!files.some((file) => /^(build|settings)\.gradle(\.kts)?$/.test(file))) return undefined;
  return [files.includes('gradlew') ? './gradlew' : 'gradle', '--offline', '--continue', 'test'];
};

const findDotnetCommand: FindCommand = async ({ files }) =>
  files.some((file) => /^([^/]+\.sln[x]?|[^/]+\.[cf]sproj)$/.test(file))
    ? ['dotnet', 'test', '--no-restore']
    : undefined;

const findRubyCommand: FindCommand = async ({ files }) => {
  const bundle = files.includes('Gemfile') ? ['bundle', 'exec'] : [];
  if (files.some((file) => file === '.rspec' || /^spec\/.+_spec\.rb$/.test(file))) return [...bundle, 'rspec'];
  const isRake = files.includes('Rakefile') && files.some((file) => /^test\/.+\.rb$/.test(file));
  return isRake ? [...bundle, 'rake', 'test'] : undefined;
};

const findPhpCommand: FindCommand = async ({ files }) =>
  files.some((file) => /^phpunit[^/]*\.xml(\.dist)?$/.test(file)) ? ['vendor/bin/phpunit'] : undefined;

const findMakeCommand: FindCommand = async ({ read, files }) => {
  const name = MAKEFILES.find((file) => files.includes(file));
  if (name === undefined) return undefined;
  const rules = (await read(name)) ?? '';
  const target = ['test', 'check', 'tests'].find((one) => new RegExp(`^${one}\\s*:(?!=)`, 'm').test(rules));
  return target === undefined ? undefined : ['make', target];
};

const findCmakeCommand: FindCommand = async ({ read, files }) => {
  const hasTests = /\b(enable_testing|add_test|gtest_discover_tests)\s*\(|include\s*\(\s*CTest/i;
  if (!files.includes('CMakeLists.txt') || !hasTests.test((await read('CMakeLists.txt')) ?? '')) return undefined;
  const steps = 'cmake -S . -B build && cmake --build build && ctest --test-dir build --output-on-failure';
  return ['sh', '-c', steps];
};

/** The finders that belong to one language. */
export const FINDERS_BY_ECOSYSTEM = {
  ...{ JavaScript: findScriptCommand, Python: findPythonCommand, Go: findGoCommand, Rust: findRustCommand },
  ...{
    Java: async (tree, home) => (await findMavenCommand(tree, home)) ?? findGradleCommand(tree, home),
    '.NET': findDotnetCommand,
    Ruby: findRubyCommand,
    PHP: findPhpCommand,
  },
} satisfies Record<string, FindCommand>;

/** In order of preference: ctest names its tests, while a make rule may print anything. */
const FINDERS: readonly FindCommand[] = [
  ...[
    findScriptCommand,
    findPythonCommand,
    findGoCommand,
    findRustCommand,
    findMavenCommand,
    findGradleCommand,
    findDotnetCommand,
    findRubyCommand,
    findPhpCommand,
    findCmakeCommand,
    findMakeCommand,
    findNodeCommand,
  ],
];
