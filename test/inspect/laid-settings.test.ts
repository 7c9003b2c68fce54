/** Finds the settings of the base commit that replace those of a changed checkout. */
import { CONVENTIONS as RUNNERS } from '../../src/adapters/runners/all-runners';
import { settingsToRestore } from '../../src/inspect/commands/laid-settings';

const CONVENTIONS = { ...RUNNERS, called: [] };
const manifest = (value: object) => JSON.stringify(value);

test('settings that the change alters or deletes are restored, but new files and other files are not touched', () => {
  const laid = settingsToRestore(
    [
      { path: 'jest.config.ts', before: 'old', after: 'new' },
      { path: 'a/conftest.py', before: 'old', after: null },
      { path: 'vitest.config.ts', before: null, after: 'new' },
      { path: 'src/a.ts', before: 'old', after: 'new' },
      { path: '.mocharc.json', before: 'same', after: 'same' },
    ],
    CONVENTIONS,
  );
  expect(laid).toEqual([
    { path: 'jest.config.ts', text: 'old' },
    { path: 'a/conftest.py', text: 'old' },
  ]);
});

test('in package.json, test scripts and keys of runners come from the base, all else from the change', () => {
  const before = manifest({ scripts: { test: 'jest', pretest: 'tsc', build: 'a' }, jest: { bail: false } });
  const after = manifest({ scripts: { test: 'true', build: 'b', posttest: 'x' }, mocha: {}, dependencies: { a: '1' } });
  const [laid] = settingsToRestore([{ path: 'packages/a/package.json', before, after }], CONVENTIONS);
  expect(JSON.parse(laid?.text ?? '')).toEqual({
    scripts: { build: 'b', test: 'jest', pretest: 'tsc' },
    dependencies: { a: '1' },
    jest: { bail: false },
  });
});

test('package.json is not restored if its tests are the same, if it is no JSON, or if a person approved it', () => {
  const before = manifest({ scripts: { test: 'jest' } });
  const same = manifest({ scripts: { test: 'jest' }, dependencies: { a: '1' } });
  const other = manifest({ scripts: { test: 'true' } });
  expect(settingsToRestore([{ path: 'package.json', before, after: same }], CONVENTIONS)).toEqual([]);
  expect(settingsToRestore([{ path: 'package.json', before, after: '{' }], CONVENTIONS)).toEqual([]);
  expect(settingsToRestore([{ path: 'package.json', before, after: other }], CONVENTIONS, ['package.json'])).toEqual(
    [],
  );
});

test('A.3: scripts that the base tests call, and their pre-scripts, come from the base', () => {
  const calls = ['npm run unit', 'npm-run-all lint un*', 'concurrently -k "npm:unit" "npm:lint"', 'c8 pnpm -s unit'];
  for (const test of calls) {
    const before = manifest({ scripts: { test, unit: 'yarn core', core: 'node --test', build: 'a' } });
    const fake = { test, unit: 'yarn core', core: 'node fake.mjs', build: 'b', preunit: 'node before.mjs' };
    const [laid] = settingsToRestore(
      [{ path: 'package.json', before, after: manifest({ scripts: fake }) }],
      CONVENTIONS,
    );
    const scripts = { test, unit: 'yarn core', core: 'node --test', build: 'b' };
    expect(JSON.parse(laid?.text ?? '{}')).toEqual({ scripts });
  }
});

test('A.3: scripts that the root calls in its packages come from the base of each package', () => {
  const before = manifest({ scripts: { unit: 'vitest run' } });
  const after = manifest({ scripts: { unit: 'true' } });
  const changes = [{ path: 'packages/a/package.json', before, after }];
  const [laid] = settingsToRestore(changes, { ...CONVENTIONS, called: ['run', 'unit'] });
  expect(JSON.parse(laid?.text ?? '{}')).toEqual({ scripts: { unit: 'vitest run' } });
  expect(settingsToRestore(changes, CONVENTIONS)).toEqual([]);
});
