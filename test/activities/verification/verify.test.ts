/** Tests verification with real git and sandbox: a change that fails a gate goes back without a model call, others reach the overseer. */
import { SYNTAX_COMMAND } from '../../../src/activities/verification/facts/syntax-program';
import { GATES } from '../../../src/domain/gates';
import type { Gate } from '../../../src/domain/gates/gate';
import { json, npmPackage } from '../../adapters/registry/mock-registry';
import { CHECKED, startVerification } from '../changed-build';
import type { Work } from '../changed-build';

let verification: Awaited<ReturnType<typeof startVerification>>;
beforeAll(async () => {
  verification = await startVerification();
});
afterAll(() => verification.stop());
beforeEach(() => {
  verification.overseerRequests.length = 0;
  verification.server.requestedPaths.length = 0;
});

const SUM = { path: 'src/sum.js', content: 'export const sum = (...all) => all.reduce((a, b) => a + b, 0);\n' };
const CHANGE_GATE_COUNT = (GATES as readonly Gate[]).filter(({ judges }) => judges.includes('change')).length;
const OLD = '2020-01-01T00:00:00.000Z';
const manifest = (dependencies: object, more: object = {}) =>
  JSON.stringify({ name: 'x', type: 'module', dependencies, ...more }, null, 1);
const lock = (name: string, version: string, integrity?: string) =>
  JSON.stringify(
    { lockfileVersion: 3, packages: { '': {}, [`node_modules/${name}`]: { version, integrity } } },
    null,
    1,
  );
/** Joins a secret here, so that this file contains none. */
const join = (...parts: string[]) => parts.join('');

test('an honest change passes every gate on changes, and the overseer is asked once, with the table of gates in its prompt', async () => {
  const { outcome, output } = await verification.judge({ files: [SUM] });
  expect(outcome).toMatchObject({
    by: 'stub:overseer',
    objections: [],
    notes: `${CHANGE_GATE_COUNT} gates passed; approved, 1 items checked`,
  });
  expect(output.gates.every(({ pass }) => pass)).toBe(true);
  expect(verification.overseerRequests).toHaveLength(1);
  expect(JSON.stringify(verification.overseerRequests[0]?.messages)).toContain('<data name=\\"gates\\">');
  expect(verification.server.requestedPaths).toEqual([]);
});

const REFUSED: Array<[string, Work, RegExp]> = [
  [
    'a secret in a source',
    { files: [{ path: 'src/a.js', content: `const t = '${join('gh', 'p_')}${'aB3'.repeat(12)}';\n` }] },
    /secrets: src\/a.js:1 .*GitHub token/,
  ],
  [
    'a secret behind a NUL byte',
    { files: [{ path: 'a.txt', content: `\0\n${join('npm', '_')}${'aB3'.repeat(12)}\n` }] },
    /secrets: a.txt:2/,
  ],
  [
    'a file that does not parse',
    { files: [{ path: 'src/a.mjs', content: 'export const a = ;\n' }] },
    /types: syntax: src\/a.mjs:1/,
  ],
  ['invalid JSON', { files: [{ path: 'data.json', content: '{"a": }' }] }, /types: syntax: data.json/],
  ['Python that does not parse', { files: [{ path: 'a.py', content: 'def a(:\n  pass\n' }] }, /types: syntax: a.py:1/],
  [
    'a build that fails',
    { files: [SUM], commands: { test: ['true'], build: ['node', '-e', 'process.exit(3)'] } },
    /types: build: .*exit code 3/,
  ],
  [
    'a file that is in no account',
    { files: [SUM], unreportedFiles: [{ path: '.npmrc', content: 'x=1\n' }] },
    /files: .npmrc changed .*was not written/,
  ],
  [
    'a file that was handed over unchanged',
    { files: [SUM, { path: 'a.txt', content: 'same\n' }], baseFiles: { 'a.txt': 'same\n' } },
    /files: a.txt was handed over as changed/,
  ],
  [
    'an unexplained deletion',
    { files: [SUM, { path: 'a.txt', content: null }], baseFiles: { 'a.txt': 'text\n' } },
    /deletions: a.txt was deleted and nothing explains it/,
  ],
  [
    'an import of no package',
    { files: [{ path: 'src/a.js', content: "import pad from 'left-pad';\n" }] },
    /dependencies: src\/a.js:1 imports left-pad/,
  ],
  [
    'a Python import of no package',
    { files: [{ path: 'a.py', content: 'import os\nimport requests\n' }] },
    /dependencies: a.py:2 imports requests/,
  ],
  [
    'a package that does not exist',
    { files: [pkg({ 'quiet-theme-store': '1.0.0' }), lockFile('quiet-theme-store', '1.0.0', 'sha512-good')] },
    /quiet-theme-store .*does not exist/,
  ],
  [
    'a package that was published today',
    { files: [pkg({ young: '1.0.0' }), lockFile('young', '1.0.0', 'sha512-good')] },
    /young .*days ago/,
  ],
  ['a package without a lock', { files: [pkg({ 'old-thing': '1.0.0' })] }, /old-thing .*is not locked/],
  [
    'a lock with another digest',
    { files: [pkg({ 'old-thing': '1.0.0' }), lockFile('old-thing', '1.0.0', 'sha512-evil')] },
    /another integrity/,
  ],
  [
    'a package that only the lock holds',
    { files: [lockFile('hidden', '1.0.0', 'sha512-good')] },
    /hidden .*does not exist/,
  ],
];

test.each(REFUSED)('%s goes back before a model is paid', async (_name, work, reason) => {
  verification.server.answers['/young'] = json(npmPackage('1.0.0', new Date().toISOString()));
  verification.server.answers['/old-thing'] = json(npmPackage('1.0.0', OLD));
  const { outcome } = await verification.judge(work);
  expect(outcome.objections.join('\n')).toMatch(reason);
  expect(outcome).toMatchObject({ by: 'orchestrator', usage: { calls: 0 } });
  expect(verification.overseerRequests).toEqual([]);
});

const ACCEPTED: Array<[string, Work]> = [
  [
    'R13: a CRLF file with a byte order mark that is handed over with LF',
    { files: [{ path: 'a.txt', content: 'one\ntwo\n' }], baseFiles: { 'a.txt': '\ufeffone\r\n' } },
  ],
  ['R13: a binary file in base64', { files: [{ path: 'a.bin', content: null, base64: 'AP8=' }] }],
  ['a file written by the tool', { files: [], toolWrites: [SUM] }],
  [
    'a deletion that is explained',
    {
      files: [SUM, { path: 'a.txt', content: null }],
      baseFiles: { 'a.txt': 'x\n' },
      report: { technical_notes: ['a.txt is gone: nobody reads it.'] },
    },
  ],
  [
    'an old package, locked',
    {
      files: [
        pkg({ 'old-thing': '^1.0.0' }),
        lockFile('old-thing', '1.0.0', 'sha512-good'),
        { path: 'src/a.js', content: "import a from 'old-thing/deep';\n" },
      ],
    },
  ],
  ['a package taken away', { baseFiles: { 'package.json': manifest({ 'old-thing': '1.0.0' }) }, files: [pkg({})] }],
  [
    'a script with a hashbang and CommonJS',
    { files: [{ path: 'bin/a.js', content: "#!/usr/bin/env node\nconst fs = require('fs');\nreturn;\n" }] },
  ],
  [
    'an undeclared import that was there before',
    {
      baseFiles: { 'src/a.js': "import x from 'ghost';\n" },
      files: [{ path: 'src/a.js', content: "import x from 'ghost';\nexport { x };\n" }],
    },
  ],
  [
    'Python with its own module',
    {
      files: [
        { path: 'app/core.py', content: 'import os\n' },
        { path: 'app/main.py', content: 'from app import core\nimport pytest\n' },
      ],
    },
  ],
  ['a build that succeeds', { files: [SUM], commands: { test: ['true'], build: ['node', '-e', '0'] } }],
];

test.each(ACCEPTED)('%s reaches the overseer', async (_name, work) => {
  verification.server.answers['/old-thing'] = json(npmPackage('1.0.0', OLD));
  const { outcome } = await verification.judge(work);
  expect(outcome.objections).toEqual([]);
  expect(verification.overseerRequests).toHaveLength(1);
});

test('if a registry cannot be reached, the gate that needs it fails with that reason', async () => {
  verification.server.answers['/gone'] = (response) => response.destroy();
  const files = [pkg({ gone: '1.0.0' }), lockFile('gone', '1.0.0', 'sha512-good')];
  const { outcome } = await verification.judge({ files });
  expect(outcome.objections).toEqual([
    expect.stringMatching(/^dependencies: gone .*could not be looked up: the registry could not be reached/),
  ]);
});

test('checks leave evidence: what ran, on which commit, with which exit code, and a log that can be read', async () => {
  const { output, task } = await verification.judge({
    files: [SUM],
    commands: { test: ['true'], build: ['node', '-e', 'console.log("built")'] },
  });
  expect(output.evidence).toMatchObject([
    { name: 'syntax', exitCode: 0, commit: task.commit, sandbox: 'bubblewrap' },
    { name: 'build', exitCode: 0, commit: task.commit, sandbox: 'bubblewrap' },
  ]);
  // `command` is what ran; `shown` is the short form that people see.
  expect(output.evidence[0]).toMatchObject({ command: SYNTAX_COMMAND, shown: 'node (parse) 1 files' });
  expect(output.evidence[1]).toMatchObject({ command: ['node', '-e', 'console.log("built")'] });
  expect(output.evidence[1]).not.toHaveProperty('shown');
  const digests = output.gates.find(({ gate }) => gate === 'types')?.evidence ?? [];
  const logs = await Promise.all(digests.map((digest) => verification.deps.artifacts.get(digest)));
  expect(logs.map(String).join('')).toContain('built');
});

test('an approval whose evidence names nothing that exists is an objection', async () => {
  const { outcome } = await verification.judge({
    files: [SUM],
    checklist: [CHECKED, { ...CHECKED, item: 'testing', evidence: 'all good' }],
  });
  expect(outcome.objections).toEqual([
    'testing: its evidence names no file, test, digest or commit that exists: "all good"',
  ]);
  expect(outcome.by).toBe('stub:overseer');
});

test('no objection, note or report contains a secret that was found', async () => {
  const secret = 'aB3'.repeat(12);
  const { outcome, output } = await verification.judge({
    files: [{ path: 'src/a.js', content: `t('${join('gh', 'p_')}${secret}')\n` }],
  });
  expect(JSON.stringify([outcome, output])).not.toContain('aB3aB3');
});

function pkg(dependencies: object) {
  return { path: 'package.json', content: manifest(dependencies) };
}
function lockFile(name: string, version: string, integrity?: string) {
  return { path: 'package-lock.json', content: lock(name, version, integrity) };
}
