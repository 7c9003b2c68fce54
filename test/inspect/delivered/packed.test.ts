/**
 * New files that an existing list leaves out of the package or image are found; usual lists are not.
 */
import { A, MANIFEST, findingsOf } from './example-tree';
import type { ExampleChange } from './example-tree';

const READS =
  "const path = require('path');\nmodule.exports = require('fs').readFileSync(path.join(__dirname, '..', 'data', 'rates.json'));\n";
const PY_READS = 'from importlib.resources import files\nRATES = files("till").joinpath("rates.json").read_text()\n';
const SETUP = '[build-system]\nbuild-backend = "setuptools.build_meta"\n[tool.setuptools]\npackages = ["till"]\n';
const npmFiles = (files: string[]): Record<string, string> => ({
  'package.json': MANIFEST({ main: 'src/a.js', files }),
  'src/b.js': A,
});
const changeWithData = (base: Record<string, string>): ExampleChange => ({
  base,
  files: { 'data/rates.json': '{}', 'src/a.js': READS },
});
const changeWithPythonData = (base: Record<string, string>): ExampleChange => ({
  base: { 'till/__init__.py': '', ...base },
  files: { 'till/rates.json': '{}', 'till/a.py': PY_READS },
});

test.each<[string, ExampleChange, RegExp]>([
  [
    'data that package.json does not pack',
    changeWithData(npmFiles(['src'])),
    /data\/rates.json is left out of what is delivered by package.json, which src\/a.js imports/,
  ],
  [
    'data that an image does not copy',
    changeWithData({ Dockerfile: 'FROM node\nCOPY package.json ./\nCOPY src ./src\n' }),
    /by Dockerfile/,
  ],
  ['data that is ignored', changeWithData({ '.dockerignore': 'data\n' }), /by .dockerignore/],
  [
    'a folder that an image does not copy',
    {
      base: { Dockerfile: 'FROM node\nCOPY src ./src\n' },
      files: { 'lib/r.js': A, 'src/a.js': "import '../lib/r.js';\n" },
    },
    /lib\/r.js is left out .*Dockerfile, which src\/a.js/,
  ],
  [
    'a module that no list names',
    {
      base: { 'pyproject.toml': '[tool.setuptools]\npy-modules = ["till"]\n' },
      files: { 'rules.py': 'R = 1\n', 'till.py': 'from rules import R\n' },
    },
    /rules.py is left out .*pyproject.toml, which till.py/,
  ],
  [
    'a module that setup.py does not name',
    {
      base: { 'setup.py': 'setup(py_modules=["till"])\n' },
      files: { 'rules.py': 'R = 1\n', 'till.py': 'from rules import R\n' },
    },
    /by setup.py/,
  ],
  [
    'a module beside the packages',
    {
      base: { 'pyproject.toml': SETUP, 'till/__init__.py': '' },
      files: { 'rules.py': 'R = 1\n', 'till/a.py': 'from rules import R\n' },
    },
    /rules.py/,
  ],
  [
    'a package beside the listed one',
    {
      base: { 'pyproject.toml': SETUP, 'till/__init__.py': '' },
      files: { 'rules/__init__.py': 'R = 1\n', 'till/a.py': 'from rules import R\n' },
    },
    /rules\/__init__.py/,
  ],
  [
    'data within a package of setuptools',
    changeWithPythonData({ 'pyproject.toml': SETUP }),
    /till\/rates.json is left out .*pyproject.toml, which till\/a.py/,
  ],
  [
    'a file that is tested and listed nowhere',
    {
      base: { 'package.json': MANIFEST({ files: ['lib/a.js'] }), 'lib/a.js': A },
      files: { 'lib/c.js': A, 'test/c.test.js': "import '../lib/c.js';\n" },
    },
    /lib\/c.js is left out/,
  ],
  [
    'a package that is tested and listed nowhere',
    {
      base: { 'pyproject.toml': SETUP, 'till/__init__.py': '' },
      files: { 'till/rules/__init__.py': '', 'tests/test_r.py': 'import till.rules\n' },
    },
    /till\/rules\/__init__.py/,
  ],
])('%s is found', (_name, change, reason) => expect(findingsOf(change).join('\n')).toMatch(reason));

test.each<[string, ExampleChange]>([
  ['data that package.json packs', changeWithData(npmFiles(['src', 'data']))],
  ['data of a package without a list', changeWithData({ 'package.json': MANIFEST({ main: 'src/a.js' }) })],
  ['data that an image copies', changeWithData({ Dockerfile: 'FROM node\nCOPY src ./src\nCOPY data ./data\n' })],
  [
    'data of an image that takes all',
    changeWithData({ Dockerfile: 'FROM node\nCOPY package.json ./\nRUN npm ci\nCOPY . .\n' }),
  ],
  [
    'data that only tests read',
    {
      base: npmFiles(['src']),
      files: { 'test/fixtures/rates.json': '{}', 'test/a.test.js': "read('./fixtures/rates.json');\n" },
    },
  ],
  [
    'a file that users have where they work',
    { base: npmFiles(['src']), files: { 'till.json': '{}', 'src/a.js': "require('fs').readFileSync('till.json');\n" } },
  ],
  [
    'settings of a tool',
    { base: npmFiles(['src']), files: { 'tsconfig.json': '{}', '.eslintrc.json': '{}', 'src/a.js': A } },
  ],
  [
    'an image of another part',
    {
      base: { 'server/Dockerfile': 'FROM node\nCOPY server ./server\n', 'server/s.js': A },
      files: { 'web/a.js': "import './b.js';\n", 'web/b.js': A },
    },
  ],
  [
    'an image of what is built',
    {
      base: { Dockerfile: 'FROM nginx\nCOPY dist /srv\n', 'dist/x.css': '' },
      files: { 'src/a.js': "import './b.js';\n", 'src/b.js': A },
    },
  ],
  [
    'a module that is listed',
    {
      base: { 'setup.py': 'setup(py_modules=["till", "rules"])\n' },
      files: { 'rules.py': 'R = 1\n', 'till.py': 'from rules import R\n' },
    },
  ],
  [
    'a program beside the packages',
    {
      base: { 'pyproject.toml': SETUP, 'till/__init__.py': '' },
      files: { 'manage.py': 'import till\n', 'helper.py': 'H = 1\n' },
    },
  ],
  [
    'packages of other programs beside',
    {
      base: { 'pyproject.toml': SETUP, 'till/__init__.py': '' },
      files: { 'web/__init__.py': '', 'web/a.py': 'from web import b\n', 'web/b.py': '' },
    },
  ],
  [
    'data that package-data lists',
    changeWithPythonData({ 'pyproject.toml': `${SETUP}[tool.setuptools.package-data]\ntill = ["*.json"]\n` }),
  ],
  [
    'data of MANIFEST.in',
    changeWithPythonData({ 'pyproject.toml': SETUP, 'MANIFEST.in': 'recursive-include till *.json\n' }),
  ],
  [
    'data by git',
    changeWithPythonData({
      'pyproject.toml': SETUP.replace('[tool', 'requires = ["setuptools", "setuptools-scm"]\n[tool'),
    }),
  ],
  ['data of hatch', changeWithPythonData({ 'pyproject.toml': '[build-system]\nbuild-backend = "hatchling.build"\n' })],
  [
    'a tested tool beside what is packed',
    {
      base: { 'package.json': MANIFEST({ files: ['lib'] }), 'lib/a.js': A },
      files: {
        'scripts/c.js': A,
        'tools.js': A,
        'test/c.test.js': "import '../scripts/c.js';\nimport '../tools.js';\n",
      },
    },
  ],
  [
    'a tested file that an old list leaves out by its name',
    {
      base: { '.npmignore': 'lib/internal*\n', 'package.json': MANIFEST({}), 'lib/a.js': A },
      files: { 'lib/internal-c.js': A, 'test/c.test.js': "import '../lib/internal-c.js';\n" },
    },
  ],
])('%s is no finding', (_name, change) => expect(findingsOf(change)).toEqual([]));
