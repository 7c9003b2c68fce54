/**
 * Finds pytest and the plugins that a project's configuration and tests use but no file declares. Pure.
 */
import type { ProjectTree } from '../packages/install';

/** Patterns in pytest's settings that require a plugin. */
const BY_SETTINGS: ReadonlyArray<[RegExp, string]> = [
  [/\basyncio_mode\b/, 'pytest-asyncio'],
  [/--cov\b/, 'pytest-cov'],
  [/^[^\S\n]*timeout\s*=|--timeout\b/m, 'pytest-timeout'],
  [/(^|\s|["'])(-n[ =]?(auto|\d+|logical)|--numprocesses|--dist)\b/m, 'pytest-xdist'],
  [/\bDJANGO_SETTINGS_MODULE\b/, 'pytest-django'],
  [/--benchmark-/, 'pytest-benchmark'],
  [/--reruns\b/, 'pytest-rerunfailures'],
  [/--randomly-|\brandomly_seed\b/, 'pytest-randomly'],
];
/** Patterns in test files that require a plugin. */
const BY_TESTS: ReadonlyArray<[RegExp, string]> = [
  [/\bdef test\w*\([^)]*\bmocker\b/, 'pytest-mock'],
  [/\bdef test\w*\([^)]*\bbenchmark\b/, 'pytest-benchmark'],
  [/pytest\.mark\.asyncio\b/, 'pytest-asyncio'],
  [/pytest\.mark\.django_db\b/, 'pytest-django'],
  [/pytest\.mark\.timeout\b/, 'pytest-timeout'],
];
const TEST_FILE = /(^|\/)(test_[^/]+|[^/]+_test|conftest)\.py$/;

/** `declared`: all requirements of the project. */
export function pytestNeeds(project: ProjectTree, declared: string[]): string[] {
  const settings = ['pytest.ini', '.pytest.ini', 'pyproject.toml', 'tox.ini', 'setup.cfg'].map((path) =>
    pytestPart(path, project.read(path) ?? ''),
  );
  const tests = project.paths.filter((path) => TEST_FILE.test(path)).map((path) => project.read(path) ?? '');
  const usesPytest =
    settings.some((text) => text !== '') ||
    project.paths.some((path) => /(^|\/)conftest\.py$/.test(path)) ||
    tests.some((text) => /^[^\S\n]*(import pytest|from pytest\b)|^(async )?def test/m.test(text));
  if (!usesPytest) return [];
  const wanted = [
    'pytest',
    ...BY_SETTINGS.filter(([sign]) => settings.some((text) => sign.test(text))).map(([, name]) => name),
    ...BY_TESTS.filter(([sign]) => tests.some((text) => sign.test(text))).map(([, name]) => name),
  ];
  return [...new Set(wanted)].filter((name) => !isDeclared(declared, name));
}

/** Returns only the section that pytest reads. */
function pytestPart(path: string, text: string): string {
  if (/^\.?pytest\.ini$/.test(path)) return text === '' ? '' : `[pytest]\n${text}`;
  const section =
    path === 'pyproject.toml' ? 'tool\\.pytest(?:\\.ini_options)?' : path === 'tox.ini' ? 'pytest' : 'tool:pytest';
  return new RegExp(`^\\[${section}\\]\\n(?:(?!\\[[a-z]).*\\n?)*`, 'm').exec(text)?.[0] ?? '';
}

function isDeclared(declared: string[], name: string): boolean {
  const spelled = name.replace(/[-_.]/g, '[-_.]');
  const requirement = new RegExp(`^\\s*["']?${spelled}["']?\\s*(\\[[^\\]]*\\])?\\s*($|[<>=!~;@#,(])`, 'i');
  return declared.some((line) => requirement.test(line));
}
