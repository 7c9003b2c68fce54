/**
 * Finds in pyproject.toml, uv.toml, poetry.toml and Pipfile requirements from elsewhere, other indexes, and code that runs
 * at build time.
 */
import { isObject } from '../../domain/json';
import { isOfRegistry, leavesRepository } from './addresses';
import { originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { requirementProblem } from './requirements';
import { tomlOf } from './settings';

/** Makes the finding about the line that contains the needle. */
type Say = (needle: string, what: string) => Origin[];

export function pyprojectOrigins(text: string, file: OriginFile): Origin[] {
  const project = tomlOf(text);
  if (project === undefined) return text.trim() === '' ? [] : [{ line: 1, what: 'cannot be read as TOML' }];
  const say: Say = (needle, what) => [originAt(needle, what)];
  const lists = [
    ...[valueAt(project, 'project', 'dependencies'), valueAt(project, 'build-system', 'requires')].map(textsOf),
    ...[valueAt(project, 'project', 'optional-dependencies'), valueAt(project, 'dependency-groups')].flatMap(listsOf),
    ...['override-dependencies', 'constraint-dependencies', 'build-constraint-dependencies', 'dev-dependencies'].map(
      (key) => textsOf(valueAt(project, 'tool', 'uv', key)),
    ),
    ...listsOf(valueAt(project, 'tool', 'pdm', 'dev-dependencies')),
    ...Object.values(objectAt(project, 'tool', 'hatch', 'envs')).flatMap((env) =>
      isObject(env) ? [textsOf(env['dependencies']), textsOf(env['extra-dependencies'])] : [],
    ),
  ];
  const problems = lists.flat().flatMap((one) => {
    const what = requirementProblem(one, file);
    return what === undefined ? [] : say(one.slice(0, 40), what);
  });
  return [
    ...problems,
    ...poetryTables(project).flatMap((table) => tableOrigins(table, file, say)),
    ...uvOrigins(objectAt(project, 'tool', 'uv'), file, say),
    ...sourcesOf(valueAt(project, 'tool', 'poetry', 'source'), say),
    ...sourcesOf(valueAt(project, 'tool', 'pdm', 'source'), say),
    ...buildOrigins(project, say),
  ];
}

/** Build backends that are known to be harmless. */
const BACKENDS =
  /^(setuptools\.build_meta(:__legacy__)?|hatchling\.build|flit_core\.buildapi|poetry\.core\.masonry\.api|poetry_dynamic_versioning\.backend|pdm\.backend|pdm\.pep517\.api|maturin|scikit_build_core\.build|mesonpy|uv_build|flit\.buildapi|whey|sipbuild\.api|jupyter_packaging\.build_api)$/;
/** Keys that name code of the project that runs when it is built. */
const HOOKS: ReadonlyArray<string[]> = [
  ['build-system', 'backend-path'],
  ['tool', 'hatch', 'build', 'hooks', 'custom'],
  ['tool', 'hatch', 'metadata', 'hooks', 'custom'],
  ['tool', 'hatch', 'build', 'targets', 'wheel', 'hooks', 'custom'],
  ['tool', 'setuptools', 'cmdclass'],
  ['tool', 'poetry', 'build'],
  ['tool', 'pdm', 'build', 'custom-hook'],
  ['tool', 'pdm', 'plugins'],
  ['tool', 'poetry', 'requires-plugins'],
];

function buildOrigins(project: object, say: Say): Origin[] {
  const backend = valueAt(project, 'build-system', 'build-backend');
  const hooks = HOOKS.flatMap((keys) => {
    const value = valueAt(project, ...keys);
    const key = keys.at(-1) ?? '';
    return value === undefined
      ? []
      : say(key, `runs code when it is built: ${keys.join('.')} = ${shorten(JSON.stringify(value))}`);
  });
  if (typeof backend !== 'string' || BACKENDS.test(backend)) return hooks;
  return [...hooks, ...say('build-backend', `is built by "${shorten(backend)}"`)];
}

/** Reads `tool.uv`, or a whole uv.toml. */
function uvOrigins(uv: object, file: OriginFile, say: Say): Origin[] {
  const sourceKeys = [
    'index-url',
    'extra-index-url',
    'find-links',
    'default-index',
    'no-build-isolation-package',
    'extra-build-dependencies',
  ];
  return [
    ...sourcesOf(valueAt(uv, 'index'), say),
    ...[uv, objectAt(uv, 'pip')].flatMap((table) =>
      sourceKeys.flatMap((key) =>
        listItems(valueAt(table, key))
          .filter((one) => !isOfRegistry(one, 'pypi'))
          .flatMap((one) => say(key, `sets ${key} to ${shorten(one)}`)),
      ),
    ),
    ...tableOrigins(objectAt(uv, 'sources'), file, say),
  ];
}

/** Reports indexes other than PyPI in `[[tool.uv.index]]`, `[[tool.poetry.source]]` and `[[source]]`. */
function sourcesOf(sources: unknown, say: Say): Origin[] {
  return (Array.isArray(sources) ? sources : []).flatMap((one: unknown) => {
    const url = isObject(one) ? one['url'] : undefined;
    if (typeof url === 'string' && isOfRegistry(url, 'pypi')) return [];
    // Poetry has a built-in name for PyPI.
    if (isObject(one) && url === undefined && /^pypi$/i.test(String(one['name']))) return [];
    return say(typeof url === 'string' ? url : 'source', `takes packages from ${shorten(JSON.stringify(url ?? one))}`);
  });
}

function poetryTables(project: object): object[] {
  const poetry = objectAt(project, 'tool', 'poetry');
  const groups = Object.values(objectAt(poetry, 'group')).map((group) => objectAt(group, 'dependencies'));
  return [objectAt(poetry, 'dependencies'), objectAt(poetry, 'dev-dependencies'), ...groups];
}

/** Keys of a dependency that only choose a version or where it applies. */
const CHOOSING_KEY =
  /^(version|extras|optional|python|markers|marker|platform|platform_machine|sys_platform|allow-prereleases|develop|workspace|editable|package|group|extra|hashes|source|subdirectory)$/;

/** Reads entries such as `name = "^1"`, or tables with `git`, `url`, `path` or an index; keys that only choose a version are allowed. */
function tableOrigins(table: object, file: OriginFile, say: Say): Origin[] {
  return Object.entries(table).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).flatMap((one: unknown): Origin[] => {
      if (typeof one === 'string') return /:\/\/|@/.test(one) ? say(name, `${name} comes from "${shorten(one)}"`) : [];
      if (!isObject(one)) return [];
      const path = one['path'] ?? one['file'];
      const isLocal = typeof path === 'string' && !/\.(whl|zip|tar|tgz|tar\.\w+)$/.test(path);
      const isInside = isLocal && !leavesRepository(file.path, path);
      const otherKeys = Object.keys(one).filter(
        (key) => !CHOOSING_KEY.test(key) && !(isInside && /^(path|file)$/.test(key)),
      );
      // The reader of sources judges a named index.
      const unknownKeys = otherKeys.filter((key) => key !== 'index');
      return unknownKeys.length === 0
        ? []
        : say(name, `${name} comes from ${shorten(JSON.stringify(one))}, not from the registry`);
    }),
  );
}

export function uvTomlOrigins(text: string, file: OriginFile): Origin[] {
  const settings = tomlOf(text);
  if (settings === undefined) return [{ line: 1, what: 'cannot be read as TOML' }];
  return uvOrigins(settings, file, (needle, what) => [originAt(needle, what)]);
}

export function poetryTomlOrigins(text: string): Origin[] {
  const settings = Object.entries(tomlOf(text) ?? {}).filter(
    ([key]) => !/^(virtualenvs|installer|cache-dir|requests)$/.test(key),
  );
  return settings.map(([key, value]) => originAt(key, `sets ${key}: ${shorten(JSON.stringify(value))}`));
}

export function pipfileOrigins(text: string, file: OriginFile): Origin[] {
  const pipfile = tomlOf(text);
  if (pipfile === undefined) return [{ line: 1, what: 'cannot be read as TOML' }];
  const say: Say = (needle, what) => [originAt(needle, what)];
  const tables = Object.entries(pipfile).filter(([key]) => !/^(source|requires|scripts|pipenv)$/.test(key));
  return [
    ...sourcesOf(pipfile['source'], say),
    ...tables.flatMap(([, table]) => (isObject(table) ? tableOrigins(table, file, say) : [])),
  ];
}

function valueAt(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>((one, key) => (isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined), value);
}

function objectAt(value: unknown, ...keys: string[]): object {
  const found = valueAt(value, ...keys);
  return isObject(found) ? found : {};
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function listsOf(value: unknown): string[][] {
  return isObject(value) ? Object.values(value).map(textsOf) : [];
}

function listItems(value: unknown): string[] {
  return typeof value === 'string' ? [value] : isObject(value) ? [JSON.stringify(value)] : textsOf(value);
}
