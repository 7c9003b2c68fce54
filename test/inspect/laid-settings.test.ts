/** Settings of the base commit that are laid over a changed checkout. */
import { CONVENTIONS as RUNNERS } from '../../src/adapters/runners/all-runners';
import { settingsToLay } from '../../src/inspect/commands/laid-settings';

const CONVENTIONS = { ...RUNNERS, called: [] };
const manifest = (value: object) => JSON.stringify(value);

test('a setting that the change alters or deletes is laid as it was; what is new, and what is no setting, is not', () => {
  const laid = settingsToLay(
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

test('of package.json the scripts of tests and the keys of runners are those of the base; the rest is of the change', () => {
  const before = manifest({ scripts: { test: 'jest', pretest: 'tsc', build: 'a' }, jest: { bail: false } });
  const after = manifest({ scripts: { test: 'true', build: 'b', posttest: 'x' }, mocha: {}, dependencies: { a: '1' } });
  const [laid] = settingsToLay([{ path: 'packages/a/package.json', before, after }], CONVENTIONS);
  expect(JSON.parse(laid?.text ?? '')).toEqual({
    scripts: { build: 'b', test: 'jest', pretest: 'tsc' },
    dependencies: { a: '1' },
    jest: { bail: false },
  });
});

test('a package.json whose tests are the same is not laid, nor one that is no JSON, nor what a person has approved', () => {
  const before = manifest({ scripts: { test: 'jest' } });
  const same = manifest({ scripts: { test: 'jest' }, dependencies: { a: '1' } });
  const other = manifest({ scripts: { test: 'true' } });
  expect(settingsToLay([{ path: 'package.json', before, after: same }], CONVENTIONS)).toEqual([]);
  expect(settingsToLay([{ path: 'package.json', before, after: '{' }], CONVENTIONS)).toEqual([]);
  expect(settingsToLay([{ path: 'package.json', before, after: other }], CONVENTIONS, ['package.json'])).toEqual([]);
});

test('A.3: a script that the base tests call is the one of the base, however it is called, and what runs before it', () => {
  const calls = ['npm run unit', 'npm-run-all lint un*', 'concurrently -k "npm:unit" "npm:lint"', 'c8 pnpm -s unit'];
  for (const test of calls) {
    const before = manifest({ scripts: { test, unit: 'yarn core', core: 'node --test', build: 'a' } });
    const fake = { test, unit: 'yarn core', core: 'node fake.mjs', build: 'b', preunit: 'node before.mjs' };
    const [laid] = settingsToLay([{ path: 'package.json', before, after: manifest({ scripts: fake }) }], CONVENTIONS);
    const scripts = { test, unit: 'yarn core', core: 'node --test', build: 'b' };
    expect(JSON.parse(laid?.text ?? '{}')).toEqual({ scripts });
  }
});

test('A.3: what the root calls in its packages is the base of each package', () => {
  const before = manifest({ scripts: { unit: 'vitest run' } });
  const after = manifest({ scripts: { unit: 'true' } });
  const changes = [{ path: 'packages/a/package.json', before, after }];
  const [laid] = settingsToLay(changes, { ...CONVENTIONS, called: ['run', 'unit'] });
  expect(JSON.parse(laid?.text ?? '{}')).toEqual({ scripts: { unit: 'vitest run' } });
  expect(settingsToLay(changes, CONVENTIONS)).toEqual([]);
});
