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
  /** Both streams, in the order they came. */
  said(): string;
  exitCode: Promise<number | null>;
  /** The first match in what it said; throws with all of it where the program ends first. */
  seen(pattern: RegExp): Promise<RegExpExecArray>;
}

export function beginProgram(input: {
  name: string;
  folder: string;
  env?: Record<string, string | undefined>;
  /** Words that go before the command. */
  under?: string[];
}): Program {
  const own = (name: string) => join(ROOT, 'src/programs', name);
  const node = [process.execPath, '--require', own('compile.cjs'), own(`${input.name}.ts`)];
  const [file = '', ...args] = [...(input.under ?? []), ...node];
  const known = { PORT: '0', LOG_LEVEL: 'silent', DATA_DIR: join(input.folder, 'data') };
  const child = spawn(file, args, {
    ...{ cwd: input.folder, stdio: ['ignore', 'pipe', 'pipe'] },
    env: { ...withoutOurs(process.env), ...known, ...input.env },
  });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const exitCode = new Promise<number | null>((resolve) => child.on('close', resolve));
  let hasEnded = false;
  void exitCode.then(() => (hasEnded = true));
  return {
    ...{ child, exitCode, said: () => said },
    async seen(pattern) {
      await until(async () => pattern.test(said) || hasEnded, Boolean, 120_000);
      const found = pattern.exec(said);
      if (found === null) throw new Error(`it ended without ${pattern}: ${said}`);
      return found;
    },
  };
}

/** The run's one Temporal server, and a task queue that no other test has: it belongs to one data folder. */
export function onSharedServer(): Record<string, string> {
  return {
    TEMPORAL_ADDRESS: process.env.TEST_TEMPORAL_ADDRESS ?? '',
    TEMPORAL_TASK_QUEUE: `test-${randomUUID()}`,
  };
}

/** Settings of whoever runs the tests are none of a test's, but for where the server's executable is. */
function withoutOurs(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const ours = /^(TEMPORAL_(?!CLI_PATH)|MODEL|REPOSITORY_ROOTS|DATA_DIR|PORT|LOG_|FORCE_COLOR)/;
  return Object.fromEntries(Object.entries(env).filter(([name]) => !ours.test(name)));
}

/**
 * Words that start a command as a user id that /etc/passwd does not have, in a mount namespace of its own: all is read-only and
 * /tmp noexec, but for `room`/work, where it starts. Needs root; `room` is not below /tmp, which is hidden.
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
