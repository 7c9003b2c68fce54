/**
 * The commands of a repository, from its own manifests: how its tests run, how it is built, how coverage is measured.
 *
 * Argument lists only; nothing of a manifest is ever given to a shell by us.
 */
export interface FoundCommands {
  test?: string[];
  build?: string[];
  coverage?: string[];
}
type ReadFile = (path: string) => Promise<string | undefined>;

/** `readFile` gives undefined for a file that is not there. `files` are all paths of the tree. */
export async function findCommands(readFile: ReadFile, files: string[]): Promise<FoundCommands> {
  for (const find of [fromPackageJson, fromPython, fromGo, fromCargo, fromMakefile]) {
    const found = await find(readFile, files);
    if (found.test !== undefined) return found;
  }
  return hasNodeTests(files) ? nodeTest([]) : {};
}

type Find = (readFile: ReadFile, files: string[]) => Promise<FoundCommands>;

const fromPackageJson: Find = async (readFile, files) => {
  const scripts = scriptsOf(await readFile('package.json'));
  const build = scripts['build'] === undefined ? {} : { build: ['npm', 'run', '--silent', 'build'] };
  const test = scripts['test'];
  if (test === undefined || /no test specified/.test(test))
    return hasNodeTests(files) ? { ...nodeTest([]), ...build } : {};
  const direct = plainNodeTest(test);
  if (direct !== undefined) return { ...nodeTest(direct), ...build };
  const coverage = scripts['coverage'] === undefined ? {} : { coverage: ['npm', 'run', '--silent', 'coverage'] };
  return { test: ['npm', 'test', '--silent'], ...build, ...coverage };
};

const fromPython: Find = async (readFile, files) => {
  const isPython =
    files.some((file) => /^(pytest\.ini|conftest\.py|(tests?\/(.+\/)?)?test_[^/]+\.py)$/.test(file)) ||
    /^\[tool\.pytest/m.test((await readFile('pyproject.toml')) ?? '');
  return isPython ? { test: ['python3', '-m', 'pytest', '-q'] } : {};
};

const fromGo: Find = async (_readFile, files) =>
  files.includes('go.mod')
    ? {
        // Only the verbose form names the tests, so only it can be counted.
        test: ['go', 'test', '-v', './...'],
        build: ['go', 'build', './...'],
        coverage: ['go', 'test', '-v', '-cover', './...'],
      }
    : {};

const fromCargo: Find = async (_readFile, files) =>
  files.includes('Cargo.toml') ? { test: ['cargo', 'test', '--offline'], build: ['cargo', 'build', '--offline'] } : {};

const fromMakefile: Find = async (readFile, files) => {
  const name = ['GNUmakefile', 'makefile', 'Makefile'].find((file) => files.includes(file));
  if (name === undefined) return {};
  return /^test\s*:(?!=)/m.test((await readFile(name)) ?? '') ? { test: ['make', 'test'] } : {};
};

function scriptsOf(text: string | undefined): Record<string, string> {
  try {
    const manifest = JSON.parse(text ?? '{}') as { scripts?: Record<string, unknown> } | null;
    const scripts = Object.entries(manifest?.scripts ?? {});
    return Object.fromEntries(scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    // Not JSON: as good as none.
    return {};
  }
}

/** The arguments after `node --test` where the script is that and nothing a shell would have to read; undefined otherwise. */
function plainNodeTest(script: string): string[] | undefined {
  const words = script.trim().split(/\s+/);
  if (words[0] !== 'node' || !words.includes('--test')) return undefined;
  if (!words.every((word) => /^[\w@./:=,-]+$/.test(word))) return undefined;
  return words.slice(1).filter((word) => word !== '--test' && !word.startsWith('--test-reporter'));
}

function nodeTest(args: string[]): FoundCommands {
  const test = ['node', '--test', '--test-reporter=tap', ...args];
  const measured = args.filter((arg) => arg !== '--experimental-test-coverage');
  return { test, coverage: ['node', '--test', '--experimental-test-coverage', '--test-reporter=tap', ...measured] };
}

function hasNodeTests(files: string[]): boolean {
  return files.some((file) => /(^|[./_-])test\.[cm]?js$|^tests?\/.+\.[cm]?js$/.test(file));
}
