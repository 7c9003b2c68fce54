/**
 * Runs the product as a person who has installed it: its programs as package.json names them, its API, its files.
 */
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { until } from '../until';

export const FIXTURES = process.env.COMPAT_FIXTURES ?? __dirname;
const ROOT = process.env.COMPAT_PRODUCT ?? process.cwd();
const MANIFEST = readJson(join(ROOT, 'package.json')) as { scripts: { start: string }; bin: { qo: string } };
/** The settings of the person who runs this test, which the program must not get. */
const OWN_SETTINGS =
  /^(TEMPORAL_(?!CLI_PATH)|MODEL|SANDBOX|REPOSITORY_ROOTS|DATA_DIR|PORT|HOST$|LOG_LEVEL|RATE_LIMIT|COMPATIBLE|ANTHROPIC|OPENAI)/;

/** The answers that the earlier version gave, as stored in expected.json. */
export interface Expected {
  /** Builds that had ended. */
  closed: Record<string, BuildAnswers>;
  /**
   * Builds that had not ended. `how` is the command with which the test continues the build, or `by itself` if it continues without
   * one; `digest` is the finding that `approve` names.
   */
  open: Record<string, BuildAnswers & { how: string; digest?: string }>;
  stats: Record<string, object>;
  repeated: { id: string; key: string; state: State; answer: object };
}
interface BuildAnswers {
  status: Status;
  history: { handoffs: object[] };
  events: { events: object[] };
}
interface Status {
  status: string;
  revision: number;
  current_state: State;
  release: { number: number } | null;
}
export type State = keyof typeof OWNER;

export const OWNER = {
  discovery: 'q_assistant',
  planning: 'q_assistant',
  handoff_to_coder: 'q_assistant',
  implementation: 'code_writer',
  handoff_to_tester: 'code_writer',
  testing: 'test_auditor',
  handoff_to_verifier: 'test_auditor',
  verification: 'verification_overseer',
  handoff_to_releaser: 'verification_overseer',
  deployment: 'release_manager',
};
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers of the API, as a client reads them
export type Json = any;

export interface Program {
  api: string;
  end(): Promise<void>;
}

/** Starts the program of `npm start` on free ports, without npm as its parent process. */
export async function startProgram(dataDir: string): Promise<Program> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !OWN_SETTINGS.test(name)));
  const MODEL = `scripted:${join(FIXTURES, 'go-on.json')}`;
  // Leaves out `exec node` of the script: this function starts node without a shell.
  const args = MANIFEST.scripts.start.split(' ').slice(2);
  const programEnv = { ...env, DATA_DIR: dataDir, MODEL, PORT: '0', LOG_LEVEL: 'warn' };
  const program = spawn(process.execPath, args, { cwd: ROOT, env: programEnv, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [program.stdout, program.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ready = await until(
    async () => /^ready (\S+)$/m.exec(output)?.[1] ?? { output, exitCode: program.exitCode },
    (answer) => typeof answer === 'string' || answer.exitCode !== null,
    180_000,
  ).catch((error: unknown) => {
    program.kill('SIGTERM');
    throw error;
  });
  if (typeof ready !== 'string') throw new Error(`the program did not start: ${ready.output}`);
  return { api: `${ready}/api/workflows`, end: () => endProgram(program, dataDir) };
}

/** Ends the program by SIGTERM, or kills it and its Temporal server after 20 seconds. */
async function endProgram(program: ChildProcess, dataDir: string): Promise<void> {
  if (program.exitCode !== null) return;
  const { server } = readJson(join(dataDir, 'temporal.json')) as { server?: { pid: number } };
  const closed = once(program, 'close').then(() => true);
  program.kill('SIGTERM');
  if (await Promise.race([closed, new Promise<false>((resolve) => setTimeout(() => resolve(false), 20_000).unref())]))
    return;
  program.kill('SIGKILL');
  if (server !== undefined) process.kill(server.pid, 'SIGKILL');
}

/** Runs `qo verify`. */
export function verify(file: string): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MANIFEST.bin.qo, 'verify', file], { cwd: ROOT }, (error, stdout, stderr) =>
      resolve({
        exitCode: typeof error?.code === 'number' ? error.code : error === null ? 0 : -1,
        output: stdout + stderr,
      }),
    );
  });
}

export async function call(
  program: Program | undefined,
  method: string,
  path: string,
  body?: object,
  headers = {},
): Promise<Json> {
  const answer = await fetch(`${program?.api}/${path}`, {
    method,
    headers: { 'content-type': 'application/json', 'x-actor': 'ada', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const json: Json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(json)}`);
  return json;
}

export function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
