/**
 * Reads Python requirements files and pyproject.toml for names, specs and hashes, and the lock files of poetry and uv. Pure.
 *
 * This is no TOML parser: it reads only the tables with dependencies, in their usual forms.
 */
import type { LockEntry } from './lock-entry';

export interface PythonRequirement {
  /** Normalized name: lower case, one `-` between words. */
  name: string;
  spec: string;
  source: 'registry' | 'other' | 'local';
  /** The version, if the spec is one exact version. */
  version: string | null;
  /** Hashes `sha256:<hex>` in the requirements file itself. */
  hashes: string[];
  /** True if `build-system` requires it: it is installed anew for each build and never locked. */
  isBuildTool?: true;
}

function normalizeName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

export function readRequirements(text: string): PythonRequirement[] {
  const lines = text.replace(/\\\r?\n/g, ' ').split(/\r?\n/);
  return lines.flatMap((line) => {
    const requirement = line.replace(/(^|\s)#.*$/, '').trim();
    const editable = /^(?:-e|--editable)[ =](.*)$/.exec(requirement)?.[1];
    if (editable !== undefined) return readRequirement(/^[.\w/-]+$/.test(editable) ? `./${editable}` : editable);
    return requirement === '' || requirement.startsWith('-') ? [] : readRequirement(requirement);
  });
}

/** Reads one requirement of PEP 508, as in requirements files and pyproject.toml. */
function readRequirement(text: string): PythonRequirement[] {
  const hashes = [...text.matchAll(/--hash[= ](sha256:[0-9a-f]{64})/gi)].map(([, hash]) => (hash ?? '').toLowerCase());
  const requirement = text
    .replace(/\s--hash.*$/, '')
    .replace(/;.*$/, '')
    .trim();
  if (/^\.{0,2}\//.test(requirement))
    return [{ name: requirement, spec: requirement, source: 'local', version: null, hashes }];
  const found = /^([A-Za-z0-9][\w.-]*)\s*(?:\[[^\]]*\])?\s*(.*)$/.exec(requirement);
  if (found === null || /^[\w+.-]+:\/\//.test(requirement))
    return [{ name: requirement, spec: requirement, source: 'other', version: null, hashes }];
  const [, name = '', spec = ''] = found;
  const source = spec.startsWith('@') ? 'other' : 'registry';
  const version = /^\(?===?\s*([^\s,*()]+)\)?$/.exec(spec)?.[1] ?? null;
  return [{ name: normalizeName(name), spec, source, version, hashes }];
}

/** Tables of pyproject.toml whose values are lists of requirements. */
const LIST_TABLE = /^(project|project\.optional-dependencies|dependency-groups)$/;
/** Tables of poetry, which have one entry for each package. */
const POETRY_TABLE = /^tool\.poetry\.(dev-)?dependencies$|^tool\.poetry\.group\.[^.]+\.dependencies$/;

export function readPyproject(text: string): PythonRequirement[] {
  return tablesOf(text).flatMap(({ name, body }) => {
    if (name === 'build-system')
      return requirementsInLists(name, body).map((tool) => ({ ...tool, isBuildTool: true as const }));
    if (LIST_TABLE.test(name)) return requirementsInLists(name, body);
    return POETRY_TABLE.test(name) ? requirementsInPoetry(body) : [];
  });
}

function tablesOf(text: string): Array<{ name: string; body: string }> {
  return text.split(/^(?=\[)/m).map((part) => {
    const header = /^\[\[?\s*([^\]]+?)\s*\]\]?[^\n]*\n?/.exec(part);
    return { name: (header?.[1] ?? '').replace(/["']/g, ''), body: part.slice(header?.[0].length ?? 0) };
  });
}

/** The keys of requirement lists in tables that also have other lists. */
const KEYS_BY_TABLE: Readonly<Record<string, RegExp>> = {
  project: /^dependencies\s*=/,
  'build-system': /^requires\s*=/,
};

function requirementsInLists(table: string, body: string): PythonRequirement[] {
  const keys = KEYS_BY_TABLE[table] ?? /^[\w."'-]+\s*=/;
  const lists = [...body.matchAll(/^[\w."'-]+\s*=\s*\[(?:[^\]"']|"[^"\n]*"|'[^'\n]*')*\]/gm)].map(([list]) => list);
  return lists
    .filter((list) => keys.test(list))
    .flatMap((list) => [...list.slice(list.indexOf('[')).matchAll(/"([^"\n]*)"|'([^'\n]*)'/g)])
    .flatMap(([, double, single]) => readRequirement(double ?? single ?? ''));
}

/** Reads entries such as `name = "^1.2"`, or tables with `version`, `git`, `path` or `url`. */
function requirementsInPoetry(body: string): PythonRequirement[] {
  return [...body.matchAll(/^"?([A-Za-z0-9][\w.-]*)"?\s*=\s*(.+)$/gm)].flatMap(([, name = '', value = '']) => {
    if (normalizeName(name) === 'python') return [];
    const spec =
      /^["']([^"']*)["']/.exec(value)?.[1] ?? /version\s*=\s*["']([^"']*)["']/.exec(value)?.[1] ?? value.trim();
    const source = /\bpath\s*=/.test(value) ? 'local' : /\b(git|url)\s*=/.test(value) ? 'other' : 'registry';
    const version = /^(?:==)?(\d[\w.]*)$/.exec(spec)?.[1] ?? null;
    return [{ name: normalizeName(name), spec, source, version, hashes: [] }];
  });
}

export function readPythonLock(text: string): LockEntry[] {
  const blocks = text.split(/^\[\[package\]\]\s*$/m).slice(1);
  return blocks.flatMap((block) => {
    const name = /^name\s*=\s*"([^"]+)"/m.exec(block)?.[1];
    const version = /^version\s*=\s*"([^"]+)"/m.exec(block)?.[1];
    if (name === undefined || version === undefined) return [];
    const hashes = [...block.matchAll(/hash\s*=\s*"(sha256:[0-9a-f]{64})"/g)].map(([, hash]) => hash ?? '');
    const isLocal = /^source\s*=\s*\{\s*(virtual|editable|directory)/m.test(block);
    const isOther = /^source\s*=\s*\{\s*(git|url)|^type\s*=\s*"(git|url)"/m.test(block);
    const source = isLocal ? 'local' : isOther ? 'other' : 'registry';
    return [{ name: normalizeName(name), version, integrity: hashes.join(' ') || null, source, place: '' }];
  });
}
