/**
 * Starts a program of the product by its npm script, in its own process and in a folder of the test.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { until } from '../until';

const ROOT = join(__dirname, '../..');

export interface Program {
  child: ChildProcess;
  /** Returns what the program has printed on both streams, in the order of arrival. */
  output(): string;
  exitCode: Promise<number | null>;
  /** Waits for the first match in the output. Throws an error with the output if the program ends first. */
  waitFor(pattern: RegExp): Promise<RegExpExecArray>;
}

export function beginProgram(input: {
  name: string;
  folder: string;
  env?: Record<string, string | undefined>;
  /** A command that starts the program, such as `unshare`. */
  launcher?: string[];
}): Program {
  const sourceOf = (name: string) => join(ROOT, 'src/programs', name);
  const node = [process.execPath, '--require', sourceOf('compile.cjs'), sourceOf(`${input.name}.ts`)];
  const [file = '', ...args] = [...(input.launcher ?? []), ...node];
  const settings = { PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: join(input.folder, 'data') };
  const child = spawn(file, args, {
    ...{ cwd: input.folder, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...withoutOwnSettings(process.env), ...settings, ...input.env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.on('close', resolve));
  let hasEnded = false;
  void exitCode.then(() => (hasEnded = true));
  return {
    ...{ child, exitCode, output: () => output },
    async waitFor(pattern) {
      await until(async () => pattern.test(output) || hasEnded, Boolean, 120_000);
      const match = pattern.exec(output);
      if (match === null) throw new Error(`the program ended without ${pattern}: ${output}`);
      return match;
    },
  };
}

/** Settings for the Temporal server of the test run, with a new task queue, because a task queue belongs to one data folder. */
export function sharedServerEnv(): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`,
  };
}

/** Leaves out the settings of the person who runs the tests, except the path of the Temporal executable. */
function withoutOwnSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ownSettings = /^(TEMPORAL_(?!CLI_PATH)|MODEL|REPOSITORY_ROOTS|DATA_DIR|PORT|LOG_|FORCE_COLOR)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ownSettings.test(name)));
}

/**
 * A launcher that starts a program as a user id that /etc/passwd does not have, in its own mount namespace: everything is read-only
 * and /tmp is noexec, except `room`/work, where the program starts. Needs root. `room` may not be below /tmp, which is hidden.
 */
export function asNobody(room: string): string[] {
  const script = `
    mount --make-rprivate /
    mount --bind ${room} ${room}
    chmod 0755 ${room} && mkdir ${room}/work && chown 54321:54321 ${room}/work
    mkdir ${room}/own && mount --bind ${ROOT} ${room}/own
    mount -t tmpfs -o noexec,mode=1777 tmpfs /tmp
    [ -d ${ROOT} ] || { mkdir -p ${ROOT} && mount --bind ${room}/own ${ROOT}; }
    mount -o remount,bind,ro /
    cd ${room}/work
    exec setpriv --reuid 54321 --regid 54321 --clear-groups env -u HOME -u USER -u LOGNAME -u XDG_CACHE_HOME "$@"`;
  return ['unshare', '--mount', '/bin/sh', '-c', script, 'sh'];
}
