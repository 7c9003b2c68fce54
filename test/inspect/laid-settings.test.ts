/** Settings of the base commit that are laid over a changed checkout. */
import { CONVENTIONS } from '../../src/adapters/runners/all-runners';
import { settingsToLay } from '../../src/inspect/commands/laid-settings';

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
