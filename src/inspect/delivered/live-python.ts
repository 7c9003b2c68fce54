/**
 * Decides which Python packages are installed where the product runs ("live"), and which only for development or tests ("dev"). Pure.
 */
import { isObject } from '../../domain/json';
import { POPULAR_PYPI } from '../../domain/packages/popular';
import { readRequirements } from '../manifests/python';
import { tomlOf } from '../origins/settings';

export interface LivePython {
  /** Normalized names of the packages that are installed with the product. */
  live: Set<string>;
  /** Normalized names of packages for development, each with the path of the file that declares it. */
  dev: Map<string, string>;
}

/** Names of groups, extras and files with packages for developers only. */
const DEVELOPER_GROUP =
  /^(?:.*[-_.])?(?:dev|devel|develop|development|tests?|testing|lint|linting|format|typing|types|mypy|docs?|documentation|bench|benchmarks?|ci|qa|coverage|cov|tox|nox|pre-commit|e2e|integration|style)(?:[-_.].*)?$/i;
const REQUIREMENTS = /(^|\/)(?:[^/]*requirements?[^/]*|requirements\/[^/]+|constraints?[^/]*)\.(?:txt|in|pip)$/;

/** By declared package: the packages that it installs, and whose import its documentation allows. */
const PROVIDES: Readonly<Record<string, RegExp>> = {
  flask: /^(?:werkzeug|jinja2|markupsafe|itsdangerous|click|blinker)$/,
  fastapi: /^(?:starlette|pydantic|typing-extensions|anyio)$/,
  starlette: /^anyio$/,
  pydantic: /^(?:pydantic-core|annotated-types|typing-extensions)$/,
  boto3: /^(?:botocore|s3transfer)$/,
  pandas: /^(?:numpy|pytz|python-dateutil)$/,
  'scikit-learn': /^(?:numpy|scipy|joblib)$/,
  matplotlib: /^numpy$/,
  scipy: /^numpy$/,
  torch: /^numpy$/,
  torchvision: /^(?:torch|numpy|pillow)$/,
  django: /^(?:asgiref|sqlparse)$/,
  djangorestframework: /^django$/,
  requests: /^(?:urllib3|certifi)$/,
  httpx: /^(?:httpcore|anyio|certifi)$/,
  aiohttp: /^(?:yarl|multidict)$/,
  typer: /^(?:click|rich)$/,
  transformers: /^(?:tokenizers|huggingface-hub|numpy)$/,
  jsonschema: /^(?:referencing|attrs)$/,
};

/**
 * True for a well-known package that is neither declared nor installed by a declared one. Less known names may be local
 * modules.
 */
export function isUndeclaredPackage(names: readonly string[], live: ReadonlySet<string>): boolean {
  const isProvided = [...live].some((one) => {
    const provided = PROVIDES[one];
    return provided !== undefined && names.some((name) => provided.test(name));
  });
  return live.size > 0 && !isProvided && names.length === 1 && names.some((name) => POPULAR_PYPI.has(name));
}

/** True for files that declare Python packages. */
export function isPythonManifest(path: string): boolean {
  return REQUIREMENTS.test(path) || /(^|\/)(?:Pipfile|tox\.ini|pyproject\.toml|setup\.(?:py|cfg))$/.test(path);
}

export function readLivePython(after: ReadonlyMap<string, string>): LivePython {
  const found: LivePython = { live: new Set(), dev: new Map() };
  const add = (path: string, lines: string[], isDev: boolean): void => {
    for (const { name } of readRequirements(lines.join('\n'))) {
      if (!isDev) found.live.add(name);
      else if (!found.dev.has(name)) found.dev.set(name, path);
    }
  };
  for (const [path, text] of after) {
    if (REQUIREMENTS.test(path)) add(path, text.split('\n'), isDeveloperFile(path));
    else if (/(^|\/)pyproject\.toml$/.test(path))
      readToml(tomlOf(text) ?? {}, (lines, isDev) => add(path, lines, isDev));
    else if (/(^|\/)Pipfile$/.test(path)) {
      const pipfile = tomlOf(text) ?? {};
      add(path, keysOf(pipfile['packages']), false);
      add(path, keysOf(pipfile['dev-packages']), true);
    } else if (/(^|\/)setup\.(?:py|cfg)$/.test(path)) readSetup(text, (lines, isDev) => add(path, lines, isDev));
    else if (/(^|\/)tox\.ini$/.test(path)) add(path, listAfter(text, 'deps'), true);
  }
  return found;
}

function isDeveloperFile(path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.\w+$/, '');
  return DEVELOPER_GROUP.test(name) || /(?:^|\/)(?:tests?|docs?)\//.test(path);
}

type Add = (lines: string[], isDev: boolean) => void;

function readToml(toml: Record<string, unknown>, add: Add): void {
  const memberAt = (...keys: string[]): unknown =>
    keys.reduce<unknown>((one, key) => (isObject(one) && Object.hasOwn(one, key) ? one[key] : undefined), toml);
  add(textsOf(memberAt('project', 'dependencies')), false);
  for (const [name, list] of entriesOf(memberAt('project', 'optional-dependencies')))
    add(textsOf(list), DEVELOPER_GROUP.test(name));
  for (const [name, list] of entriesOf(memberAt('dependency-groups'))) add(textsOf(list), name !== 'main');
  add(textsOf(memberAt('tool', 'uv', 'dev-dependencies')), true);
  for (const [, list] of entriesOf(memberAt('tool', 'pdm', 'dev-dependencies'))) add(textsOf(list), true);
  for (const [, env] of entriesOf(memberAt('tool', 'hatch', 'envs')))
    if (isObject(env)) add([...textsOf(env['dependencies']), ...textsOf(env['extra-dependencies'])], true);
  add(keysOf(memberAt('tool', 'poetry', 'dependencies')), false);
  add(keysOf(memberAt('tool', 'poetry', 'dev-dependencies')), true);
  for (const [name, group] of entriesOf(memberAt('tool', 'poetry', 'group')))
    if (isObject(group)) add(keysOf(group['dependencies']), DEVELOPER_GROUP.test(name));
  for (const [name, list] of entriesOf(memberAt('tool', 'flit', 'metadata', 'requires-extra')))
    add(textsOf(list), DEVELOPER_GROUP.test(name));
  add(textsOf(memberAt('tool', 'flit', 'metadata', 'requires')), false);
}

/** Reads quoted lists after a key of setup.py, and indented rows after a key of setup.cfg. */
function readSetup(text: string, add: Add): void {
  const extrasAt = text.search(/\bextras_require\b|\[options\.extras_require\]/);
  const cut = extrasAt < 0 ? text.length : extrasAt;
  add([...quotedAfter(text, 'install_requires'), ...listAfter(text.slice(0, cut), 'install_requires')], false);
  add([...quotedAfter(text, 'tests_require'), ...listAfter(text, 'tests_require')], true);
  for (const [, name = '', list = ''] of text
    .slice(cut, cut + 10_000)
    .matchAll(/["']([\w.-]{1,60})["']\s{0,9}:\s{0,99}\[([^\]]{0,3000})\]/g))
    add(quotedIn(list), DEVELOPER_GROUP.test(name));
  for (const name of ['dev', 'test', 'tests', 'testing', 'docs', 'lint']) add(listAfter(text.slice(cut), name), true);
}

function quotedAfter(text: string, key: string): string[] {
  const list = new RegExp(`\\b${key}\\s{0,9}=\\s{0,9}[[(]([^\\])]{0,5000})`).exec(text)?.[1];
  return list === undefined ? [] : quotedIn(list);
}

function quotedIn(text: string): string[] {
  return [...text.matchAll(/["']([^"'\n]{1,300})["']/g)].map(([, one = '']) => one);
}

/** Returns the rows indented below `key =`. */
function listAfter(text: string, key: string): string[] {
  const rows = text.split('\n');
  const at = rows.findIndex((row) => row.startsWith(key) && /^\s{0,9}=/.test(row.slice(key.length)));
  if (at < 0) return [];
  const more = rows.slice(at + 1);
  const end = more.findIndex((row) => !/^\s+\S/.test(row));
  return [(rows[at] ?? '').replace(/^[^=]*=/, ''), ...more.slice(0, end < 0 ? more.length : end)].map((row) =>
    row.replace(/^\s*[\w{},-]+:\s+/, '').trim(),
  );
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
}

function entriesOf(value: unknown): Array<[string, unknown]> {
  return isObject(value) ? Object.entries(value) : [];
}

/** Returns the package names of a table of poetry or a Pipfile; `python` in it is no package. */
function keysOf(value: unknown): string[] {
  return entriesOf(value).flatMap(([name]) => (name === 'python' ? [] : [name]));
}
