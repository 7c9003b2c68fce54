/**
 * Runs commands in the default sandbox: bubblewrap, started as a user that is not root, with limits by prlimit and by a watch.
 *
 * profile.ts lists what the command can see. At every start of the worker, the probes test that nothing escapes.
 */
import { lstat, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Failure } from '../../domain/failures';
import type { Sandbox, SandboxRun } from '../../ports/sandbox';
import type { Programs } from './find-bubblewrap';
import { findMachine } from './find-profile';
import type { Machine } from './find-profile';
import { forwardFiles } from './forward';
import { DEFAULT_LIMITS } from './limits';
import type { SandboxLimits } from './limits';
import { createKillDetector } from './outside-kills';
import { endRemaining } from './end-remaining';
import { etcFiles, memoryFoldersOf, sandboxArgv, sandboxEnv } from './profile';
import type { Profile, View } from './profile';
import { runProbes } from './probes/run-probes';
import { describeEscapes } from './probes/verdict';
import { runGroup } from './run-group';
import type { GroupResult } from './run-group';
import { createOwners } from './owners';
import { giveTo, withScratch } from './scratch';
import type { Owner } from './scratch';
import { isProcessor, seccompFilter } from './seccomp';
import type { Processor } from './syscalls';
import type { WorkerPrograms } from './toolchain';
import { unavailable } from './unavailable';
import { countThreads } from './user-processes';
import { watch } from './watch';

export interface BubblewrapOptions {
  /** First of 256 users, one for each run, where this process is root. */
  uid?: number | undefined;
  limits?: Partial<SandboxLimits> | undefined;
  /** The folders in which the worker looks for `bwrap` and `prlimit`. */
  programs?: Omit<Programs, 'signal'> | undefined;
  /** Folders of the worker that no command may see. */
  hidden?: string[] | undefined;
  /** The worker whose PATH and programs the commands get; without it, only the programs below /usr. */
  worker?: WorkerPrograms | undefined;
}

/** For programs that reserve address space without using it, such as bun's engine. */
const RESERVED_BYTES = 128 * 1024 ** 3;

export function createBubblewrap(options: BubblewrapOptions = {}): Sandbox {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const owners = createOwners(options.uid);
  const killDetector = createKillDetector();
  let machine: Promise<Machine> | undefined;
  // The search waits for the first use, so that the object can be made on a machine without bubblewrap.
  const findOnce = (): Promise<Machine> => {
    machine ??= findMachine({ programs: options.programs ?? {}, hidden: options.hidden ?? [], worker: options.worker });
    // A failed search is forgotten: bubblewrap may be installed while the worker runs.
    machine.catch(() => (machine = undefined));
    return machine;
  };
  return {
    name: 'bubblewrap',
    path: async () => sandboxEnv({ ...(await findOnce()), limits, uid: 0, gid: 0 })['PATH'] ?? '',
    run: async (input) => {
      const found = await findOnce();
      return owners.with(input.folder, async (owner) => {
        const workspace = input.isOwnedBySandboxUser === true ? [] : [input.folder];
        const writable = (input.writable ?? [])
          .filter(({ isOwnedBySandboxUser }) => isOwnedBySandboxUser !== true)
          .map(({ from }) => from);
        for (const folder of [...workspace, input.production, input.temporary, ...writable]) {
          if (owner !== undefined && folder !== undefined) await giveTo(folder, owner);
        }
        const { uid, gid } = owner ?? { uid: process.getuid?.() ?? 65_534, gid: process.getgid?.() ?? 65_534 };
        const startedAt = Date.now();
        const findKill = await killDetector.begin(input);
        const { status: _, excess, ...result } = await runSandboxed({ ...found, limits, uid, gid }, input, owner);
        const why = await findKill({ ...result, status: '', excess });
        if (why !== undefined) throw unavailable(why);
        return { ...result, startedAt };
      });
    },
    withScratch: (use) => owners.forScratch((owner, note) => withScratch(tmpdir(), owner, note(use))),
    async selfTest(signal) {
      if (process.getuid?.() === 0 && options.uid === 0) throw unavailable('its user is root; set another uid');
      const { bwrapPath, prlimitPath, toolchain } = await findOnce();
      // All probes use the programs that were found, without a new search.
      const programs = { ...options.programs, folders: [dirname(bwrapPath), dirname(prlimitPath)] };
      const withLimits = (limits: Partial<SandboxLimits>): Sandbox =>
        createBubblewrap({ ...options, programs, limits: { ...options.limits, ...limits } });
      const problem = describeEscapes(await runProbes(withLimits, { outside: tmpdir(), toolchain, signal }));
      if (problem !== undefined) throw unavailable(problem);
    },
  };
}

async function runSandboxed(profile: Profile, input: SandboxRun, owner: Owner | undefined): Promise<GroupResult> {
  const [program] = input.command;
  // `env` starts the command and would read such a word as its own option or variable.
  if (program === undefined || program === '' || program.startsWith('-') || program.includes('=')) {
    return {
      exitCode: 127,
      timedOut: false,
      output: `${JSON.stringify(program ?? '')} is not a command.\n`,
      durationMs: 0,
      status: '',
    };
  }
  const { folder, stdin } = input;
  if ((await stat(folder).catch(() => undefined)) === undefined)
    throw unavailable('it could not be set up: the folder of the run is gone');
  const files = [...(input.files ?? []), ...(input.proxy === undefined ? [] : forwardFiles())];
  const limits = {
    ...profile.limits,
    ...(input.reservesMemory === true && { dataBytes: RESERVED_BYTES }),
    ...(owner === undefined && { processes: profile.limits.processes + (await countThreads(profile.uid)) }),
  };
  const texts = [...etcFiles(profile), ...files].map(({ text }) => text);
  const inputs = [seccompFilter(processor()), ...texts];
  const reportFd = stdin === undefined ? undefined : inputs.length + 4;
  const view = { ...input, files, git: await kindOfGit(folder), reportFd };
  let readReport = (): string => '';
  const result = await runGroup({
    argv: sandboxArgv({ ...profile, limits }, view, input.command),
    cwd: '/',
    env: {},
    ...owner,
    timeoutMs: input.timeoutMs,
    signal: input.signal,
    outputBytes: limits.outputBytes,
    onOutput: input.onOutput,
    inputs,
    stdin,
    guard: (readStatus, onExcess) => {
      readReport = readStatus;
      const memoryFolders = memoryFoldersOf(view);
      return watch({
        folder,
        limits,
        status: readStatus,
        memoryFolders,
        onExcess,
      });
    },
  })
    .catch((error: unknown) => {
      input.signal?.throwIfAborted();
      throw error instanceof Failure ? error : unavailable(`it could not be started: ${String(error)}`);
    })
    .finally(() => endRemaining(readReport()));
  // bubblewrap reports the command's exit code; without that report the command never ran.
  if (result.exitCode !== null && !result.status.includes('"exit-code"')) {
    throw unavailable(`it could not be set up: ${result.output.trim().slice(0, 300)}`);
  }
  return result;
}

async function kindOfGit(folder: string): Promise<View['git']> {
  const found = await lstat(join(folder, '.git')).catch(() => undefined);
  if (found?.isDirectory() === true) return 'folder';
  return found?.isFile() === true ? 'file' : undefined;
}

function processor(): Processor {
  if (isProcessor(process.arch)) return process.arch;
  throw unavailable(`there is no system call filter for ${process.arch}; it takes x64 or arm64`);
}
