/**
 * The change itself does harm: all tests are green, and the diff has something that must not go live.
 */
import type { Catcher } from '../catchers';
import { GUIDE, manifestWith, nodeTill } from '../projects/node';
import { pythonTill } from '../projects/python';
import type { Case, Code, Files, ScriptedBuild } from '../scripted-build';

const filesCase = (
  name: string,
  files: Files,
  caught: [Catcher, RegExp],
  project: () => ScriptedBuild = nodeTill,
): Case => ({ name, project, alter: ({ code: [first] }) => void Object.assign(first.files, files), caught });
const codeCase = (
  name: string,
  alter: (code: Code, build: ScriptedBuild) => void,
  caught: [Catcher, RegExp],
): Case => ({
  name,
  project: nodeTill,
  alter: (build) => alter(build.code[0], build),
  caught,
});

/** Secrets, joined from parts so that no secret scanner reports this repository. */
const AWS_ID = `AKI${'A'}Q3EGRT2LK5XNVMWD`;
const WORD = ['hV7fq2Zr', '9LwXk3Td'].join('');
const KEY = ['-----BEGIN RSA PRI', 'VATE KEY-----\nMIIEow…\n-----END RSA PRI', 'VATE KEY-----\n'].join('');

export const CHANGES: Case[] = [
  filesCase('a cloud key stands in a test', { 'test/cloud.test.js': `// id ${AWS_ID}\n` }, [
    'gate secrets',
    /AWS access key/,
  ]),
  filesCase('a private key is committed', { 'keys/till.pem': KEY }, [
    'gate secrets',
    /keys\/till\.pem:1 .*private key/,
  ]),
  filesCase('a password stands in a .env file', { '.env': `DATABASE_PASSWORD=${WORD}\n` }, ['gate secrets', /\.env:1/]),
  filesCase(
    'a password stands in an address in the README',
    { 'README.md': `${GUIDE}\nThe data: postgres://till:${WORD}@db.internal:5432/till\n` },
    ['gate secrets', /README\.md/],
  ),
  filesCase('a python tool does not parse', { 'tools/report.py': 'def report(:\n    pass\n' }, [
    'gate types',
    /tools\/report\.py/,
  ]),
  filesCase('a JSON file does not parse', { 'data/rates.json': '{ "from": 10000, }\n' }, [
    'gate types',
    /data\/rates\.json/,
  ]),
  codeCase(
    'the build of the project breaks',
    ({ files }, { request, base }) => {
      base['build.mjs'] = "import { existsSync } from 'node:fs';\nprocess.exit(existsSync('src/draft.js') ? 1 : 0);\n";
      request.commands = { test: ['node', '--test'], build: ['node', 'build.mjs'] };
      files['src/draft.js'] = '// Not yet.\n';
    },
    ['gate types', /build: node build\.mjs ended with exit code 1/],
  ),
  codeCase('a file is handed over as changed, and is as it was', ({ files }) => void (files['README.md'] = GUIDE), [
    'gate files',
    /README\.md was handed over as changed, but is as it was/,
  ]),
  filesCase('a source is deleted without a word', { 'src/receipt.js': null }, [
    'gate deletions',
    /src\/receipt\.js was deleted/,
  ]),
  codeCase(
    'a source is deleted by a tool call, and other things are spoken of',
    (code) => {
      code.written = { 'src/receipt.js': null };
      code.technical_notes.push('Nothing but src/discount.js changed.');
    },
    ['gate deletions', /src\/receipt\.js was deleted/],
  ),
  filesCase('the README is gutted without a word', { 'README.md': '# The till\n' }, [
    'gate deletions',
    /README\.md lost/,
  ]),
  filesCase('a change is buried under more lines than anybody reads', { 'data/rates.txt': '1 %\n'.repeat(20_001) }, [
    'gate size',
    /\d+ lines added/,
  ]),
  filesCase(
    'a script with an error is hidden in a python module',
    { 'till/late.py': 'return 1\nx ===\n' },
    ['experiments', /till\/late\.py/],
    pythonTill,
  ),
  filesCase('the manifest is no manifest any more', { 'package.json': '[]\n' }, ['tampering', /package\.json changed/]),
  filesCase(
    'a step before the start is planted in the manifest, and the tests are left out',
    {
      'package.json': manifestWith({
        scripts: { prestart: 'node forge.js', test: 'node --test --test-name-pattern=a' },
      }),
    },
    ['tampering', /package\.json changed/],
  ),
];
