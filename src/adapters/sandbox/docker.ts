/**
 * Runs commands in docker containers, for machines that cannot have bubblewrap. The setting `SANDBOX=docker` chooses it.
 *
 * Each container has a known name, so that it can be killed: killing docker's client leaves the container running.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import type { Sandbox, SandboxResult, SandboxRun } from '../../ports/sandbox';
import { DOCKER_PATH, dockerArgv } from './docker-args';
import { createKillDetector } from './outside-kills';
import type { KillDetector } from './outside-kills';
import { DEFAULT_LIMITS } from './limits';
import type { SandboxLimits } from './limits';
import { createOwners } from './owners';
import { runProbes } from './probes/run-probes';
import { describeEscapes } from './probes/verdict';
import { runGroup } from './run-group';
import { giveTo, withScratch } from './scratch';
import type { Owner } from './scratch';
import { unavailable } from './unavailable';
import { watchDisk } from './watch';

export interface DockerOptions {
  /** Must have the toolchain of the builds, and be on this machine: docker does not pull it. */
  image: string | undefined;
  /** An absolute path. */
  dockerPath?: string | undefined;
  uid?: number | undefined;
  limits?: Partial<SandboxLimits> | undefined;
  /** Variables added to the client's environment, such as DOCKER_HOST. */
  env?: Record<string, string> | undefined;
}

/** docker's exit code if it cannot start the container; 126 and 127 come from the command. */
const DOCKER_FAILED_EXIT_CODE = 125;

export function createDocker(options: DockerOptions): Sandbox {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const owners = createOwners(options.uid);
  const killDetector = createKillDetector();
  return {
    name: 'docker',
    path: () => Promise.resolve(DOCKER_PATH),
    run: (input) =>
      owners.with(input.folder, async (owner) => {
        const writable = (input.writable ?? [])
          .filter(({ isOwnedBySandboxUser }) => isOwnedBySandboxUser !== true)
          .map(({ from }) => from);
        for (const folder of [input.folder, input.production, input.temporary, ...writable]) {
          if (owner !== undefined && folder !== undefined) await giveTo(folder, owner);
        }
        const findKill = await killDetector.begin(input);
        return runContained({ ...options, limits, findKill }, input, owner);
      }),
    withScratch: (use) => owners.forScratch((owner, note) => withScratch(tmpdir(), owner, note(use))),
    async selfTest(signal) {
      const withLimits = (limits: Partial<SandboxLimits>): Sandbox =>
        createDocker({ ...options, limits: { ...options.limits, ...limits } });
      const problem = describeEscapes(await runProbes(withLimits, { outside: tmpdir(), signal }));
      if (problem !== undefined) throw unavailable(problem);
    },
  };
}

async function runContained(
  options: DockerOptions & { limits: SandboxLimits; findKill: Awaited<ReturnType<KillDetector['begin']>> },
  input: SandboxRun,
  owner: Owner | undefined,
): Promise<SandboxResult> {
  if (options.image === undefined) throw unavailable('SANDBOX=docker needs SANDBOX_IMAGE, an image with the toolchain');
  const { limits, findKill } = options;
  const name = `q-sandbox-${randomBytes(9).toString('hex')}`;
  const dockerPath = options.dockerPath ?? '/usr/bin/docker';
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/nonexistent', ...options.env };
  const { uid, gid } = owner ?? { uid: process.getuid?.() ?? 65_534, gid: process.getgid?.() ?? 65_534 };
  const { folder, signal, timeoutMs } = input;
  try {
    const {
      status: _,
      excess,
      ...result
    } = await runGroup({
      argv: dockerArgv(dockerPath, { ...input, name, image: options.image, uid, gid, limits }),
      ...{ cwd: '/', env, timeoutMs, signal, outputBytes: limits.outputBytes, onOutput: input.onOutput },
      guard: (_status, onExcess) => watchDisk({ folder, limits, onExcess }),
    });
    if (result.exitCode === DOCKER_FAILED_EXIT_CODE) {
      throw unavailable(`docker could not start it: ${result.output.trim().slice(-300)}`);
    }
    if (result.exitCode === null) await kill(dockerPath, name, env);
    const why = await findKill({ ...result, status: '', excess });
    if (why !== undefined) throw unavailable(why);
    return result;
  } catch (error) {
    await kill(dockerPath, name, env);
    throw error;
  }
}

/** Kills the container. It ignores an error, as the container may have ended already. */
function kill(dockerPath: string, name: string, env: Record<string, string>): Promise<void> {
  return new Promise((resolve) => {
    const child = spawn(dockerPath, ['kill', name], { env, stdio: 'ignore', timeout: 30_000 });
    child.on('error', () => resolve());
    child.on('close', () => resolve());
  });
}
