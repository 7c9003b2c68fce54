/**
 * Finds what must be installed for a Python project's tests: requirement files, extras, groups, the project itself. Pure.
 */
import { parse } from 'smol-toml';
import { isObject } from '../../domain/json';
import type { ProjectTree } from '../packages/install';
import { pytestNeeds } from './pytest-needs';
import { pythonLocals } from './python-locals';
import type { PythonLocals } from './python-locals';

export interface PythonProject {
  /** Arguments of `pip install` for what the project needs to run. */
  needed: string[];
  /** Arguments of `pip install` for tests and development, one group for each call. Each of these calls may fail. */
  wanted: string[][];
  /** True if pip installs the project itself; the step then needs its sources and its git history. */
  isPackage: boolean;
  /** Names of the extras for tests, as spelled in `pyproject.toml`. */
  extras: string[];
  /** pytest packages that the tests use and no file declares. */
  undeclared: string[];
  /** Dependencies of `[project]`, for a project that cannot be built. */
  dependencies: string[];
  /** Local files and folders that the requirements name. */
  locals: PythonLocals;
}

/** Names of extras and groups for tests or development. */
const FOR_TESTS = /^(all[-_])?(tests?|testing|dev|develop|development|ci|pytest)$/i;
const REQUIREMENTS = /^(requirements[^/]*\.txt|requirements\/[^/]+\.txt|[^/]*requirements\.txt)$/;
const FOR_TESTS_FILE = /(^|[-_./])(tests?|testing|dev|develop|development|ci)([-_./]|$)/i;
/** Requirement files for other purposes than tests. */
const OTHER_PURPOSE =
  /(^|[-_./])(docs?|lint|format|release|prod|production|deploy|build|minimal|min|optional|gpu|cuda|bench)([-_./]|$)/i;

export function readPythonProject(project: ProjectTree): PythonProject {
  const toml = readToml(project.read('pyproject.toml'));
  const table = tableOf(toml['project']);
  const optional = tableOf(table['optional-dependencies']);
  const poetry = tableOf(tableOf(toml['tool'])['poetry']);
  const files = project.paths.filter((path) => REQUIREMENTS.test(path) && !OTHER_PURPOSE.test(path));
  const forTests = files.filter((path) => FOR_TESTS_FILE.test(path));
  const main = files.filter((path) => !forTests.includes(path) && isMain(path));
  const isPackage = isInstallable(project, toml);
  const extras = extrasOf(project, toml);
  const self = isPackage ? ['-e', extras.length === 0 ? '.' : `.[${extras.join(',')}]`] : [];
  const dependencies = textsOf(table['dependencies']);
  const groups = groupsOf(toml);
  const wanted = [
    ...forTests.map((path) => ['-r', path]),
    ...groups,
    ...toxNeeds(project),
    ...hatchNeeds(toml),
    ...poetryNeeds(toml),
  ].filter((words) => words.length > 0);
  const needed = [...main.flatMap((path) => ['-r', path]), ...self, ...(isPackage ? [] : dependencies)];
  const words = [...needed, ...wanted.flat()];
  const locals = pythonLocals(project, { roots: words.filter((_, index) => words[index - 1] === '-r'), toml });
  const declared = [
    ...[...files, ...locals.files, 'Pipfile', 'setup.cfg'].flatMap((path) => (project.read(path) ?? '').split('\n')),
    ...[...(project.read('setup.py') ?? '').matchAll(/["']([^"'\n]+)["']/g)].map(([, word]) => word ?? ''),
    ...[...dependencies, ...extras.flatMap((name) => textsOf(optional[name])), ...wanted.flat()],
    ...Object.keys(tableOf(poetry['dependencies'])),
  ];
  return { needed, wanted, isPackage, extras, dependencies, locals, undeclared: pytestNeeds(project, declared) };
}

/** True for the requirements file of the program itself. */
function isMain(path: string): boolean {
  return /^(requirements\.txt|requirements\/(base|main|common|requirements|app|core)\.txt)$/.test(path);
}

/** True if pip can install the project itself. A pyproject.toml with only settings of tools is not enough. */
function isInstallable(project: ProjectTree, toml: Record<string, unknown>): boolean {
  if (project.has('setup.py')) return true;
  if (/^\[metadata\]/m.test(project.read('setup.cfg') ?? '')) return true;
  const poetry = tableOf(tableOf(toml['tool'])['poetry']);
  if (poetry['package-mode'] === false) return false;
  const uv = tableOf(tableOf(toml['tool'])['uv']);
  if (uv['package'] === false) return false;
  return typeof tableOf(toml['project'])['name'] === 'string' || typeof poetry['name'] === 'string';
}

/** Returns the names of the extras for tests. */
function extrasOf(project: ProjectTree, toml: Record<string, unknown>): string[] {
  const names = [
    ...Object.keys(tableOf(tableOf(toml['project'])['optional-dependencies'])),
    ...Object.keys(tableOf(tableOf(tableOf(toml['tool'])['poetry'])['extras'])),
    ...extrasOfCfg(project.read('setup.cfg') ?? ''),
    ...[...(project.read('setup.py') ?? '').matchAll(/['"](\w[\w-]*)['"]\s*:\s*[[(\w]/g)].map(([, name]) => name ?? ''),
  ];
  return [...new Set(names.filter((name) => FOR_TESTS.test(name)))];
}

function extrasOfCfg(text: string): string[] {
  const section = /^\[options\.extras_require\]\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  return [...section.matchAll(/^([\w-]+)\s*=/gm)].map(([, name]) => name ?? '');
}

/** Reads `[dependency-groups]` with included groups, and the older tables of uv and pdm. */
function groupsOf(toml: Record<string, unknown>): string[][] {
  const groups = tableOf(toml['dependency-groups']);
  const tool = tableOf(toml['tool']);
  const resolve = (name: string, seen: readonly string[]): string[] => {
    const entries = groups[name];
    if (!Array.isArray(entries) || seen.includes(name)) return [];
    return entries.flatMap((entry: unknown) => {
      if (typeof entry === 'string') return [entry];
      const included = tableOf(entry)['include-group'];
      return typeof included === 'string' ? resolve(included, [...seen, name]) : [];
    });
  };
  const pdm = tableOf(tableOf(tool['pdm'])['dev-dependencies']);
  return [
    ...Object.keys(groups)
      .filter((name) => FOR_TESTS.test(name))
      .map((name) => resolve(name, [])),
    textsOf(tableOf(tool['uv'])['dev-dependencies']),
    ...Object.entries(pdm)
      .filter(([name]) => FOR_TESTS.test(name))
      .map(([, entries]) => textsOf(entries)),
  ];
}

/** Reads `deps` of `[testenv]`, except lines that need tox's substitution. */
function toxNeeds(project: ProjectTree): string[][] {
  const text = [project.read('tox.ini') ?? '', project.read('setup.cfg') ?? ''].join('\n');
  const section = /^\[testenv\]\n((?:(?!\[).*\n?)*)/m.exec(text)?.[1] ?? '';
  const deps = /^deps\s*=[ \t]*(.*\n(?:[ \t]+.*\n?|\n)*)/m.exec(section)?.[1] ?? '';
  return deps.split('\n').flatMap((line) => {
    const bare = line.replace(/(^|\s)#.*$/, '').trim();
    const file = /^-r\s*(?:\{toxinidir\}\/|\{tox_root\}\/)?([\w./-]+)$/.exec(bare)?.[1];
    if (file !== undefined) return project.has(file) ? [['-r', file]] : [];
    return /^[A-Za-z0-9][\w.-]*(\[[\w,-]+\])?\s*([<>=!~].*)?$/.test(bare) ? [[bare]] : [];
  });
}

function hatchNeeds(toml: Record<string, unknown>): string[][] {
  const envs = tableOf(tableOf(tableOf(toml['tool'])['hatch'])['envs']);
  return ['default', 'test', 'tests', 'hatch-test'].flatMap((name) => {
    const env = tableOf(envs[name]);
    return [textsOf(env['dependencies']), textsOf(env['extra-dependencies'])];
  });
}

/** Returns poetry's groups for tests as pip requirements. */
function poetryNeeds(toml: Record<string, unknown>): string[][] {
  const poetry = tableOf(tableOf(toml['tool'])['poetry']);
  const groups = Object.entries(tableOf(poetry['group']))
    .filter(([name]) => FOR_TESTS.test(name))
    .map(([, group]) => tableOf(tableOf(group)['dependencies']));
  return [tableOf(poetry['dev-dependencies']), ...groups].map((table) =>
    Object.entries(table).flatMap(([name, spec]) => pipSpec(name, spec)),
  );
}

/** Converts a poetry spec such as `^1.2` or `~1.2` to one for pip: `^1.2` becomes `>=1.2,<2`. A path or URL is left out. */
function pipSpec(name: string, spec: unknown): string[] {
  const table = tableOf(spec);
  const version = typeof spec === 'string' ? spec : table['version'];
  if (typeof version !== 'string' || name === 'python') return [];
  const extras = textsOf(table['extras']);
  const nameWithExtras = extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
  const ranges = version.split(',').map((range) => {
    const [, sign = '', number = ''] = /^\s*(\^|~(?!=)|)\s*(.*?)\s*$/.exec(range) ?? [];
    if (number === '*' || number === '') return '';
    if (sign === '') return /^\d/.test(number) ? `==${number}` : number;
    const parts = number.split('.').map((part) => Number.parseInt(part, 10) || 0);
    const firstNonZero = Math.max(
      0,
      parts.findIndex((part) => part > 0),
    );
    const raisedIndex = sign === '~' ? Math.min(1, parts.length - 1) : firstNonZero;
    const limit = parts.slice(0, raisedIndex + 1).map((part, index) => (index === raisedIndex ? part + 1 : part));
    return `>=${number},<${limit.join('.')}`;
  });
  return [`${nameWithExtras}${ranges.filter((range) => range !== '').join(',')}`];
}

export function readToml(text: string | undefined): Record<string, unknown> {
  try {
    return text === undefined ? {} : parse(text);
  } catch {
    return {};
  }
}

export function tableOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry): entry is string => typeof entry === 'string') : [];
}
