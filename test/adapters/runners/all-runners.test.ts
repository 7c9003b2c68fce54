/** Tests the list of test runners, and the conventions that are derived from it. */
import { CONVENTIONS, DIALECTS, RUNNER_PACKAGES, RUNNERS } from '../../../src/adapters/runners/all-runners';

test('every runner has a unique name, and its output parser uses the same name', () => {
  const names = RUNNERS.map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
  for (const { runner } of DIALECTS) expect(names).toContain(runner);
});

test.each([
  ...[
    'jest.config.js',
    'a/jest.unit.config.ts',
    'jest.setup.js',
    'vitest.config.ts',
    'vite.config.js',
    '.mocharc.json',
  ],
  ...['mocha.config.js', 'mocha-setup.js', 'conftest.py', 'a/conftest.py', 'pytest.ini', 'tox.ini', 'setup.cfg'],
  ...['ava.config.js', 'karma.conf.js', 'playwright.config.ts', '.taprc', 'cypress.config.js', 'vitest.workspace.ts'],
  ...['bunfig.toml', 'deno.jsonc', '.config/nextest.toml', 'noxfile.py', 'phpunit.xml.dist', '.rspec', 'jasmine.json'],
])('%s configures a runner', (path) => expect(CONVENTIONS.protects(path)).toBe(true));

test.each(['src/jest.js', 'config.js', 'conftest.js', 'docs/pytest.ini.md', 'vitest.md', 'package.json'])(
  '%s is not a configuration file of a runner',
  (path) => expect(CONVENTIONS.protects(path)).toBe(false),
);

test('keys of package.json, modules and languages with coverage come from the list of runners', () => {
  expect([...CONVENTIONS.manifestKeys].sort()).toEqual(['ava', 'jest', 'mocha', 'tap', 'vitest']);
  expect(RUNNER_PACKAGES).toEqual(['pytest']);
  expect(CONVENTIONS.measuredFiles.map(String)).toContain(String(/\.[cm]?jsx?$/));
});
