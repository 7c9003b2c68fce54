/** Finds programs and entries that manifests name, but that do not exist. */
import type { ExampleChange } from '../delivered/example-tree';
import { findingsIn } from './wired';

const CLI = 'def run(argv):\n    return argv\n';
const SCRIPTS = '[project]\nname = "till"\n\n[project.scripts]\ntill = "till.cli:main"\n';
const py = (files: Record<string, string>, base: Record<string, string> = {}): ExampleChange => ({
  base: { 'till/__init__.py': '', ...base },
  files,
});
const npm = (manifest: object, more: Record<string, string> = {}): ExampleChange => ({
  base: { 'src/a.js': '', ...more },
  files: { 'package.json': JSON.stringify({ name: 'till', ...manifest }) },
});
const image = (command: string, base: Record<string, string> = {}): ExampleChange => ({
  base: { 'src/server.js': '', ...base },
  files: { Dockerfile: `FROM node:22\nCOPY src ./src\n${command}\n` },
});

test.each<[string, ExampleChange, RegExp]>([
  [
    'a function of Python',
    py({ 'pyproject.toml': SCRIPTS, 'till/cli.py': CLI }),
    /pyproject.toml:5 names till.cli:main, and till\/cli.py has no "main"/,
  ],
  ['a module of Python', py({ 'pyproject.toml': SCRIPTS }), /no module till.cli/],
  [
    'a function that the change renames',
    py({ 'till/cli.py': CLI }, { 'pyproject.toml': SCRIPTS, 'till/cli.py': CLI.replace('run', 'main') }),
    /has no "main"/,
  ],
  [
    'console_scripts',
    py({ 'setup.cfg': '[options.entry_points]\nconsole_scripts =\n    till = till.cli:main\n', 'till/cli.py': CLI }),
    /has no "main"/,
  ],
  [
    'scripts of poetry',
    py({ 'pyproject.toml': '[tool.poetry.scripts]\ntill = "till.cli:main"\n', 'till/cli.py': CLI }),
    /has no "main"/,
  ],
  ['a program of npm', npm({ bin: { till: 'bin/till.js' } }), /names bin\/till.js/],
  ['the main file', npm({ main: './src/index.js' }), /names src\/index.js/],
  ['an export', npm({ exports: { '.': './src/a.js', './pay': './src/pay.js' } }), /names src\/pay.js/],
  ['a start script', npm({ scripts: { start: 'node src/server.js' } }), /names src\/server.js/],
  ['the command of an image', image('CMD ["node", "src/main.js"]'), /Dockerfile:3 names src\/main.js/],
  [
    'a program that is deleted',
    {
      base: { 'package.json': '{"bin": "bin/a.js"}', 'bin/a.js': '', 'src/b.js': '' },
      files: { 'src/b.js': '1' },
      deleted: ['bin/a.js'],
    },
    /names bin\/a.js/,
  ],
  [
    'a binary of Rust',
    {
      base: { 'src/lib.rs': '' },
      files: { 'Cargo.toml': '[package]\nname = "a"\n\n[[bin]]\nname = "till"\npath = "src/bin/till.rs"\n' },
    },
    /src\/bin\/till.rs/,
  ],
  [
    'a main class',
    { base: { 'src/main/java/a/b/Till.java': '' }, files: { 'pom.xml': '<mainClass>a.b.Main</mainClass>' } },
    /a.b.Main/,
  ],
])('%s is found', async (_, change, what) => {
  expect(await findingsIn(change)).toEqual([expect.stringMatching(what)]);
});

test.each<[string, ExampleChange]>([
  ['a function that is there', py({ 'pyproject.toml': SCRIPTS, 'till/cli.py': CLI.replace('run', 'main') })],
  [
    'a function that is taken from elsewhere',
    py({ 'pyproject.toml': SCRIPTS, 'till/cli.py': 'from till.run import main\n' }),
  ],
  ['a command of a package', py({ 'pyproject.toml': SCRIPTS.replace('till.cli:main', 'uvicorn.main:main') })],
  ['what a build writes', npm({ main: 'dist/index.js', bin: 'dist/cli.js', types: 'dist/index.d.ts' })],
  ['a main without its ending', npm({ main: 'src/a' })],
  ['a pattern', npm({ exports: { './*': './src/*.js' } })],
  ['what TypeScript becomes', npm({ main: 'src/b.js' }, { 'src/b.ts': '' })],
  ['an image with a working folder', image('WORKDIR /app/src\nCMD ["node", "server.js"]')],
  ['an image that builds', image('RUN npm run build\nCMD ["node", "out/main.js"]')],
  [
    'a broken entry that was there',
    { base: { 'package.json': '{"main": "src/gone.js"}', 'src/a.js': '' }, files: { 'src/a.js': '1' } },
  ],
  [
    'a main class that is there',
    { base: { 'src/main/java/a/b/Main.java': '' }, files: { 'pom.xml': '<mainClass>a.b.Main</mainClass>' } },
  ],
])('%s is not found', async (_, change) => {
  expect(await findingsIn(change)).toEqual([]);
});
