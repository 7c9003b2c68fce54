/**
 * `npm run demo` as a new user runs it: the real program in an empty folder, with piped output.
 */
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runToken } from '../../src/programs/cli/token';
import { until } from '../fixture';
import { asNobody } from './a-program';

const ROOT = join(__dirname, '../..');
const OWN_SETTINGS = /^(TEMPORAL_(?!CLI_PATH)|MODEL|REPOSITORY_ROOTS|DATA_DIR|PORT|LOG_LEVEL|FORCE_COLOR)/;

interface Demo {
  child: ChildProcess;
  out(): string;
  err(): string;
  exitCode: Promise<number | null>;
}

let folder: string;
let demo: Demo | undefined;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'q-test-demo-'))));
afterEach(async () => {
  demo?.child.kill('SIGTERM');
  await demo?.exitCode;
  rmSync(folder, { recursive: true, force: true });
});

// As root, the test starts the demo with a user id without a name, as a container may have.
test('O5: from a sentence to a release, also for a user id without a name and a home: plain lines, exit 0, nothing left running', async () => {
  const room = mkdtempSync('/var/tmp/q-test-room-');
  try {
    const launcher = process.getuid?.() === 0 ? asNobody(room) : [];
    const work = launcher.length > 0 ? join(room, 'work') : folder;
    demo = startDemo([], launcher);
    expect({ exitCode: await demo.exitCode, err: demo.err() }).toEqual({ exitCode: 0, err: '' });
    expectRelease(demo.out(), work);
    expect(runningProcesses(work)).toEqual([]);
  } finally {
    rmSync(room, { recursive: true });
  }
});

function expectRelease(out: string, work: string): void {
  expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
  expect(out).toContain('The answers of the five roles are scripted (examples/dark-mode/script.json)');
  expect(out).toMatch(/implementation +Code Writer +attempt 2 +\d+\.\d s +1 files? changed: src\/theme\.js/);
  expect(out).toContain('sent back: 1 of 15 tests failed: a light choice of an earlier visit wins');
  expect(out).toContain('15 of 15 tests passed, 0 failed, 0 skipped');
  expect(out).toContain('in the sandbox: bubblewrap');
  expect(out).toContain('smoke test: GET /index.html answered 200');
  expect(out).toContain('is live');
  expect(out).toMatch(/\d+ events, \d+\.\d kB of history/);
  expect(out).toMatch(/http:\/\/127\.0\.0\.1:\d+\/namespaces\/default\/workflows\/demo\.[\w-]+\/[\w-]+\/history/);

  const page = readFileSync(join(work, '.q-orchestrator/releases/demo/current/index.html'), 'utf8');
  expect(page).toContain('id="theme-toggle"');
  const [diffFile = ''] = /\.q-orchestrator\/demo\/[\w-]+\/change\.diff/.exec(out) ?? [];
  expect(readFileSync(join(work, diffFile), 'utf8')).toContain('+++ b/src/theme.js');
}

test('an invalid model is one line and exit 1, and no folder is made', async () => {
  demo = startDemo(['--model', 'nonsense:1']);
  expect(await demo.exitCode).toBe(1);
  expect(demo.err()).toMatch(/^MODEL="nonsense:1" is wrong: .*\n$/);
  expect(demo.out()).toBe('');
  expect(existsSync(join(folder, '.q-orchestrator'))).toBe(false);
});

test('Ctrl-C during the build ends all processes in order, with exit code 130', async () => {
  demo = startDemo();
  await waitForOutput('planning ');
  demo.child.kill('SIGINT');
  expect({ exitCode: await demo.exitCode, err: demo.err() }).toEqual({ exitCode: 130, err: '' });
  expect(demo.out()).toContain('the build is cancelled');
  expect(runningProcesses()).toEqual([]);
}, 300_000);

test('--external: each of the seven curl lines works unchanged, and Ctrl-C ends all processes', async () => {
  demo = startDemo(['--external', "Build me Ada's dark mode"]);
  await waitForOutput('State changes show here');
  const lines = curlLines();
  expect(lines).toHaveLength(7);
  const [start = '', status = '', history = '', stats = '', retry = '', rollback = ''] = lines;
  expect(paste(start)).toMatchObject({ initial_state: 'discovery', status: 'started' });
  expect(paste(status)).toMatchObject({ title: "Build me Ada's dark mode", current_state: 'discovery' });
  expect(paste(history)).toMatchObject({ handoff_count: 0, handoffs: [] });
  expect(
    await until(
      () => Promise.resolve(paste(stats)),
      (answer) => answer.total_workflows === 1,
    ),
  ).toMatchObject({
    in_progress: 1,
  });

  expect(await advance('discovery')).toMatchObject({ new_state: 'planning' });
  expect(paste(rollback)).toMatchObject({ rollback_successful: true, previous_state: 'planning' });
  await advance('discovery', 2);
  for (const state of ['planning', 'handoff_to_coder']) await advance(state);
  expect(paste(retry)).toMatchObject({ retry_requested: true, previous_state: 'planning' });
  await waitForOutput('implementation -> planning');

  demo.child.kill('SIGINT');
  expect({ exitCode: await demo.exitCode, err: demo.err() }).toEqual({ exitCode: 0, err: '' });
  expect(runningProcesses()).toEqual([]);
});

test('--external, if tokens exist: the commands have a token that is valid for this run only', async () => {
  const token = await runToken(['create', '--name', 'ada', '--rights', 'admin'], join(folder, '.q-orchestrator'));
  expect(token.exitCode).toBe(0);
  demo = startDemo(['--external']);
  await waitForOutput('State changes show here');
  const [, status = ''] = curlLines();
  expect(status).toContain("-H 'Authorization: Bearer ");
  expect(status).not.toContain(token.out.trim());
  expect(paste(status)).toMatchObject({ current_state: 'discovery' });
  expect(paste(status.replace(/ -H '[^']*'/, ''))).toMatchObject({ status: 401 });
  demo.child.kill('SIGINT');
  expect({ exitCode: await demo.exitCode, err: demo.err() }).toEqual({ exitCode: 0, err: '' });
});

function startDemo(args: string[] = [], launcher: string[] = []): Demo {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name)));
  const node = [process.execPath, '--require', require.resolve('tsx/cjs'), join(ROOT, 'src/programs/demo/main.ts')];
  const [file = '', ...demoArgs] = [...launcher, ...node, ...args];
  // The working folder is not the package: the program must find its own files, and writes into this folder.
  const child = spawn(file, demoArgs, { cwd: folder, env });
  const output = { out: '', err: '' };
  child.stdout.on('data', (chunk: Buffer) => (output.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output.err += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { child, out: () => output.out, err: () => output.err, exitCode };
}

function waitForOutput(text: string): Promise<string> {
  return until(
    () => Promise.resolve(demo?.out() ?? ''),
    (out) => out.includes(text),
    120_000,
  );
}

function curlLines(): string[] {
  return (demo?.out() ?? '').split('\n').filter((line) => line.startsWith('curl '));
}

/** Waits for the line that advances `state` (the `nth` one), and pastes it. */
async function advance(state: string, nth = 1): Promise<Record<string, unknown>> {
  const find = () => curlLines().filter((line) => line.includes(`"completed_state":"${state}"`));
  const lines = await until(
    () => Promise.resolve(find()),
    (found) => found.length >= nth,
  );
  return paste(lines[nth - 1] as string);
}

function paste(line: string): Record<string, unknown> {
  return JSON.parse(execFileSync('sh', ['-c', line], { encoding: 'utf8' })) as Record<string, unknown>;
}

/** Returns the command lines that name the folder: those of the server and of other programs that work there. */
function runningProcesses(where = folder): string[] {
  const all = execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' });
  return all.split('\n').filter((line) => line.includes(where));
}
