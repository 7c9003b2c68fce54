/**
 * Finds pytest and its plugins that a project's configuration and tests use, but that no file declares. Pure.
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

/** `declared`: all lines of the project's requirements. */
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
  const usedPackages = [
    'pytest',
    ...BY_SETTINGS.filter(([pattern]) => settings.some((text) => pattern.test(text))).map(([, name]) => name),
    ...BY_TESTS.filter(([pattern]) => tests.some((text) => pattern.test(text))).map(([, name]) => name),
  ];
  return [...new Set(usedPackages)].filter((name) => !isDeclared(declared, name));
}

/** Patterns for the names of the sections that pytest reads. */
const SECTION_BY_FILE: Readonly<Record<string, string>> = {
  'pyproject.toml': 'tool\\.pytest(?:\\.ini_options)?',
  'tox.ini': 'pytest',
};

/** Returns only the section that pytest reads. */
function pytestPart(path: string, text: string): string {
  if (/^\.?pytest\.ini$/.test(path)) return text === '' ? '' : `[pytest]\n${text}`;
  const section = SECTION_BY_FILE[path] ?? 'tool:pytest';
  return new RegExp(`^\\[${section}\\]\\n(?:(?!\\[[a-z]).*\\n?)*`, 'm').exec(text)?.[0] ?? '';
}

function isDeclared(declared: string[], name: string): boolean {
  const namePattern = name.replace(/[-_.]/g, '[-_.]');
  const requirement = new RegExp(`^\\s*["']?${namePattern}["']?\\s*(\\[[^\\]]*\\])?\\s*($|[<>=!~;@#,(])`, 'i');
  return declared.some((line) => requirement.test(line));
}
