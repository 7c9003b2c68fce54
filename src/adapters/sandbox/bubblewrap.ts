/**
 * The default sandbox: bubblewrap, started as a user that is not root, inside prlimit.
 *
 * What the command sees is in profile.ts; that it holds is proven by probes.ts at every start.
 */
import { access, constants } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Sandbox, SandboxResult, SandboxRun } from '../../activities/deps';
import { Failure } from '../../domain/failures';
import { probe } from './probes';
import { DEFAULT_LIMITS, etcFiles, sandboxArgv, sandboxEnv } from './profile';
import type { Profile, SandboxLimits } from './profile';
import { runGroup } from './run-group';
import { giveTo, withScratch } from './scratch';

export interface BubblewrapOptions {
  /** Where scratch folders are made; the sandbox user must be able to enter it. */
  scratchRoot?: string | undefined;
  /** User and group of the commands where this process is root. 65534 (nobody) if not given. */
  uid?: number | undefined;
  limits?: Partial<SandboxLimits> | undefined;
  /** Folders that are searched for `bwrap` and `prlimit`. */
  programFolders?: string[] | undefined;
}

export function createBubblewrap(options: BubblewrapOptions = {}): Sandbox {
  const scratchRoot = options.scratchRoot ?? tmpdir();
  const isRoot = process.getuid?.() === 0;
  const owner = isRoot ? { uid: options.uid ?? 65_534, gid: options.uid ?? 65_534 } : undefined;
  const folders = options.programFolders ?? ['/usr/local/bin', '/usr/bin', '/bin'];
  let profile: Promise<Profile> | undefined;
  // Found at the first use, so that the object can be made where bubblewrap is not installed.
  const findProfile = (): Promise<Profile> => {
    profile ??= makeProfile(folders, owner, options.limits);
    // A failed search is not kept: bubblewrap may be installed while we run.
    profile.catch(() => (profile = undefined));
    return profile;
  };

  const run = async (input: SandboxRun): Promise<SandboxResult> => {
    const found = await findProfile();
    if (owner !== undefined && input.isGiven !== true) await giveTo(input.folder, owner);
    return runHeld(found, input, owner);
  };
  return {
    name: 'bubblewrap',
    run,
    withScratch: (use) => withScratch(scratchRoot, owner, use),
    async selfTest() {
      const { uid, gid } = owner ?? { uid: undefined, gid: undefined };
      if (uid === 0 || gid === 0) throw unavailable('its user is root; set another uid');
      const found = await findProfile();
      const allowed = [...Object.keys(sandboxEnv(found)), 'PWD', 'OLDPWD', 'SHLVL', '_'];
      const problem = await withScratch(scratchRoot, owner, (folder) =>
        probe(run, { folder, outside: scratchRoot, allowed }),
      );
      if (problem !== undefined) throw unavailable(problem);
    },
  };
}

async function runHeld(
  profile: Profile,
  input: SandboxRun,
  owner: { uid: number; gid: number } | undefined,
): Promise<SandboxResult> {
  const [program] = input.command;
  // `env` starts the command and would take these for its own words.
  if (program === undefined || program === '' || program.startsWith('-') || program.includes('=')) {
    return {
      exitCode: 127,
      timedOut: false,
      output: `${JSON.stringify(program ?? '')} is not a command.\n`,
      durationMs: 0,
    };
  }
  const files = input.files ?? [];
  const inputs = [...etcFiles(profile), ...files].map(({ text }) => text);
  const reportFd = input.stdin === undefined ? undefined : inputs.length + 4;
  const { status, ...result } = await runGroup({
    argv: sandboxArgv(profile, input.folder, input.command, { files, readOnly: input.readOnly ?? [], reportFd }),
    cwd: '/',
    env: {},
    ...owner,
    timeoutMs: input.timeoutMs,
    signal: input.signal,
    outputBytes: profile.limits.outputBytes,
    inputs,
    stdin: input.stdin,
  });
  // bubblewrap reports the command's exit code; without that report the command never ran.
  if (result.exitCode !== null && !status.includes('"exit-code"')) {
    throw unavailable(`it could not be set up: ${result.output.trim().slice(0, 300)}`);
  }
  return result;
}

async function makeProfile(
  folders: string[],
  owner: { uid: number; gid: number } | undefined,
  limits: Partial<SandboxLimits> | undefined,
): Promise<Profile> {
  return {
    bwrapPath: await findProgram('bwrap', 'bubblewrap', folders),
    prlimitPath: await findProgram('prlimit', 'util-linux', folders),
    nodePath: process.execPath,
    uid: owner?.uid ?? process.getuid?.() ?? 65_534,
    gid: owner?.gid ?? process.getgid?.() ?? 65_534,
    limits: { ...DEFAULT_LIMITS, ...limits },
  };
}

async function findProgram(name: string, debianPackage: string, folders: string[]): Promise<string> {
  for (const folder of folders) {
    const path = join(folder, name);
    if (
      await access(path, constants.X_OK).then(
        () => true,
        () => false,
      )
    )
      return path;
  }
  throw unavailable(`${name} is not installed; it takes Linux and: apt-get install ${debianPackage}`);
}

function unavailable(why: string): Failure {
  return new Failure(
    'Sandbox.Unavailable',
    `The sandbox cannot hold commands, so none are run: ${why.replace(/\s+/g, ' ')}.`,
  );
}
