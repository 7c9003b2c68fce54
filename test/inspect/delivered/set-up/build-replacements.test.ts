/**
 * Build settings that put another text in place of a tested source are found.
 */
import { findingsOf } from '../example-tree';
import type { ExampleChange } from '../example-tree';

const JS = { 'src/price.js': '// Prices.\nconst THRESHOLD = 10000;\n' };
const PY = {
  'till/price.py': 'A = 1\n',
  'till/__init__.py': '',
  'legacy/price_2019.py': 'A = 2\n',
  'legacy/till/__init__.py': '',
};
const replacementsIn = (change: ExampleChange): string[] =>
  findingsOf(change).filter((one) => /overlay|in the place of|packs /.test(one));
const project = (more: string, base: Record<string, string> = PY): ExampleChange => ({
  base: { ...base, 'pyproject.toml': '[project]\nname = "till"\n' },
  files: { 'pyproject.toml': `[project]\nname = "till"\n${more}` },
});

test.each([
  [{ files: { 'scripts/release.sh': 'go build -trimpath -overlay scripts/release.json -o dist/till ./cmd/till\n' } }],
  [{ files: { Makefile: 'till:\n\tGOFLAGS=-overlay=o.json go build ./...\n' } }],
  [{ base: JS, files: { 'scripts/pack.js': "write(text.replace('THRESHOLD = 10000', 'THRESHOLD = 100'));\n" } }],
  [
    {
      base: JS,
      files: {
        'scripts/release.sh': "cat src/price.js | sed 's/THRESHOLD = 10000/THRESHOLD = 100/' > dist/price.js\n",
      },
    },
  ],
  [project('[tool.hatch.build.targets.wheel.force-include]\n"legacy/price_2019.py" = "till/price.py"\n')],
  [project('[tool.hatch.build.targets.wheel.sources]\n"legacy/till" = "till"\n')],
  [project('[tool.setuptools.package-dir]\ntill = "legacy/till"\n')],
  [project('[tool.poetry]\npackages = [{ include = "till", from = "legacy" }]\n')],
  [{ base: PY, files: { 'setup.py': 'setup(name="till", package_dir={"till": "legacy/till"})\n' } }],
] as ExampleChange[][])('a replaced source is found: %j', (change) => {
  expect(replacementsIn(change as ExampleChange)).toHaveLength(1);
});

test.each([
  [{ base: JS, files: { 'scripts/pack.js': "write(text.replace('__VERSION__', version));\n" } }],
  [{ base: JS, files: { 'scripts/pack.js': "write(text.replace('// Prices.', ''));\n" } }],
  [{ base: JS, files: { 'scripts/pack.js': "write(name.replace('.ts', '.js'));\n" } }],
  [{ base: JS, files: { 'scripts/docs.js': "write(page.replace('LIMIT = 5', 'LIMIT = 6'));\n" } }],
  [{ files: { 'scripts/release.sh': 'mount -t overlay overlay /mnt\ngo build ./...\n' } }],
  [project('[tool.hatch.build.targets.wheel.force-include]\n"README.md" = "till/README.md"\n')],
  [project('[tool.setuptools.package-dir]\n"" = "src"\n')],
  [project('[tool.poetry]\npackages = [{ include = "till", from = "src" }]\n', { 'src/till/__init__.py': '' })],
  [
    {
      base: { 'src/till/__init__.py': '' },
      files: { 'setup.py': 'setup(package_dir={"": "src", "till": "src/till"})\n' },
    },
  ],
] as ExampleChange[][])('no replaced source is found: %j', (change) => {
  expect(replacementsIn(change as ExampleChange)).toEqual([]);
});
