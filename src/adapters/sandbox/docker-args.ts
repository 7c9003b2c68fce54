/**
 * Builds the argument list of one run in docker, with the same restrictions as the bubblewrap profile. Pure.
 */
import { isAbsolute, join } from 'node:path';
import type { SandboxRun } from '../../ports/sandbox';
import { proxyLauncher, FORWARD_FILES, PROXY_SOCKET, PROXY_VARIABLES } from './forward';
import type { SandboxLimits } from './limits';
import { sandboxVariables } from './profile';

export interface DockerRun extends Omit<SandboxRun, 'signal'> {
  name: string;
  image: string;
  uid: number;
  gid: number;
  limits: SandboxLimits;
}

export const DOCKER_PATH = '/usr/local/bin:/usr/bin:/bin';

export function dockerArgv(dockerPath: string, run: DockerRun): string[] {
  const { folder, readOnly = [], writable = [], scratch = [], limits, production } = run;
  const productionVariables = production === undefined ? {} : { Q_PRODUCTION: '/production' };
  const proxyVariables = run.proxy === undefined ? {} : PROXY_VARIABLES;
  const env = { ...sandboxVariables(DOCKER_PATH), ...proxyVariables, ...run.env, ...productionVariables };
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const tmpfsOptions = `rw,nosuid,nodev,mode=1777,size=${limits.tmpBytes}`;
  const mounts = [
    ...readOnly.flatMap(({ from, to }) => mount(from, inWorkspace(to), true)),
    ...writable.flatMap(({ from, to }) => mount(from, inWorkspace(to), false)),
    ...(run.proxy === undefined ? [] : forwardMounts(run.proxy)),
    ...scratch.flatMap((place) => ['--tmpfs', `${inWorkspace(place)}:${tmpfsOptions}`]),
  ];
  return [
    ...[dockerPath, 'run', '--rm', '--init', '--pull', 'never', '--name', run.name, '--hostname', 'sandbox'],
    ...['--network', 'none', '--ipc', 'private', '--read-only'],
    ...['--user', `${run.uid}:${run.gid}`, '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges'],
    ...dockerLimits(limits),
    ...(run.temporary === undefined ? ['--tmpfs', `/tmp:${tmpfsOptions}`] : mount(run.temporary, '/tmp', false)),
    ...['--shm-size', String(Math.floor(limits.tmpBytes / 4))],
    ...mount(folder, '/workspace', false),
    ...(production === undefined ? [] : mount(production, '/production', false)),
    ...mounts,
    ...[
      '--workdir',
      inWorkspace(run.cwd ?? ''),
      ...variables,
      '--entrypoint',
      '/usr/bin/env',
      run.image,
      ...proxyLauncher(run, 'node'),
      ...run.command,
    ],
  ];
}

/** Mounts the forwarder's files. The docker daemon reads them, so the sandbox's user needs no right to do so. */
function forwardMounts(proxy: string): string[] {
  return [...FORWARD_FILES.flatMap(({ from, to }) => mount(from, to, true)), ...mount(proxy, PROXY_SOCKET, false)];
}

function dockerLimits(limits: SandboxLimits): string[] {
  const { memoryBytes, processes } = limits;
  const ulimits = { core: 0, cpu: limits.cpuSeconds, nofile: limits.openFiles, fsize: limits.fileBytes };
  return [
    // docker adds memory and swap together: the same value for both means no swap.
    ...['--memory', String(memoryBytes), '--memory-swap', String(memoryBytes), '--pids-limit', String(processes)],
    ...['--cpus', '2', '--oom-score-adj', '1000'],
    ...Object.entries(ulimits).flatMap(([name, value]) => ['--ulimit', `${name}=${value}:${value}`]),
  ];
}

/** Uses docker's long form: in the short form, a colon in a folder's name would separate fields. */
function mount(from: string, to: string, isReadOnly: boolean): string[] {
  // docker reads the value as CSV: fields are quoted, as a path may contain a comma.
  const field = (name: string, value: string): string => `"${name}=${value.replaceAll('"', '""')}"`;
  const fields = ['type=bind', field('source', from), field('target', to), ...(isReadOnly ? ['readonly'] : [])];
  return ['--mount', fields.join(',')];
}

function inWorkspace(place: string): string {
  return isAbsolute(place) ? place : join('/workspace', place);
}
