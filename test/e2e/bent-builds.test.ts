/**
 * Builds whose scripted roles cheat: they are held, and the reason names what they did. Everything else is real.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commandSignals, buildQuery } from '../../src/workflows/messages';
import { startBuild, startStack, until } from '../fixture';

const EXAMPLE = join(__dirname, '../../examples/dark-mode');
type File = { path: string; content?: string | null; content_file?: string };
interface Script {
  phases: {
    implementation: Array<Array<{ output?: { files: File[] } }>>;
    testing: Array<Array<{ output: { tests_added: File[]; criteria: Array<{ tested_by: string }> } }>>;
  };
}

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'q-test-bent-'));
  cpSync(EXAMPLE, place, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', join(place, 'project'), ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Field notes');
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

/** Runs the example, its code right at the first attempt, with the script bent; no phase is done twice. */
async function runBent(bend: (script: Script) => void, approve?: string) {
  const script = JSON.parse(readFileSync(join(place, 'script.json'), 'utf8')) as Script;
  const right = { path: 'src/theme.js', content_file: 'answers/implementation-2/src/theme.js' };
  filesOf(script).splice(0, Infinity, ...filesOf(script).filter(({ path }) => path !== right.path), right);
  bend(script);
  writeFileSync(join(place, 'script.json'), JSON.stringify(script).replace(/"delay_ms":\d+/g, '"delay_ms":0'));
  const stack = await startStack({ env: { MODEL: `scripted:${join(place, 'script.json')}` } });
  try {
    const request = { repository: { path: join(place, 'project') } };
    const handle = await startBuild(stack, { request, start: { retriesPerPhase: 0 } });
    if (approve !== undefined) await handle.signal(commandSignals.approve, { gate: 'tampering', digest: approve });
    const ended = (state: string) => state === 'error' || state === 'complete';
    return await until(
      () => handle.query(buildQuery),
      (build) => ended(build.state),
      60_000,
    );
  } finally {
    await stack.stop();
  }
}

const codeOf = ({ phases }: Script) =>
  phases.implementation[0]?.at(-1)?.output as unknown as { technical_notes: string[] };
const filesOf = ({ phases }: Script): File[] => phases.implementation[0]?.at(-1)?.output?.files as File[];
const reportOf = ({ phases }: Script) => (phases.testing[0]?.[0] as Script['phases']['testing'][0][0]).output;
const emptyNotes = (script: Script) => void filesOf(script).push({ path: 'test/notes.test.js', content: '' });

test('unbent, it completes', async () => {
  expect(await runBent(() => undefined)).toMatchObject({ state: 'complete', failure: null });
}, 90_000);

test.each<[string, (script: Script) => void, RegExp]>([
  ['empties a test that was there', emptyNotes, /tampering .*test\/notes\.test\.js changed.*digest sha256:/],
  [
    'changes the test script',
    (script) => filesOf(script).push({ path: 'package.json', content: '{"type":"module","scripts":{"test":"true"}}' }),
    /tampering .*package\.json changed/,
  ],
  [
    'ends the process in the code',
    (script) =>
      filesOf(script).push({
        path: 'src/theme.js',
        content: 'process.exit(0);\nexport const mountTheme = 1, resolveTheme = 1;',
      }),
    /was ended before its tests/,
  ],
  [
    'locks tests that pass without the change',
    (script) => {
      const content = "import { test } from 'node:test';\ntest('fine', () => {});\n";
      reportOf(script).tests_added = [{ path: 'test/fine.audit.test.js', content }];
    },
    /pass without the change: they show nothing/,
  ],
  [
    'names a test that does not exist',
    (script) => reportOf(script).criteria.forEach((one) => (one.tested_by = 'a test that nobody wrote')),
    /no test that ran and passed is named/,
  ],
])(
  'a role that %s is held',
  async (_, bend, reason) => {
    const { state, failure } = await runBent(bend);
    expect(state).toBe('error');
    expect(failure?.message).toMatch(reason);
  },
  90_000,
);

test('a person who approves exactly the tampering lets it pass', async () => {
  const emptyBlob = 'e69de29bb2d1d6434b8b29ae775ad8c2e48c5391';
  const text = JSON.stringify([['test/notes.test.js', emptyBlob]]);
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  const explained = (script: Script) => {
    emptyNotes(script);
    // The gate of verification asks for a word about what is taken away, approved or not.
    codeOf(script).technical_notes = ['test/notes.test.js is emptied: the notes get tests of their own later'];
  };
  const build = await runBent(explained, digest);
  expect(build).toMatchObject({ state: 'complete', approvals: [{ gate: 'tampering', digest }] });
}, 90_000);
