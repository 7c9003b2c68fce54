/**
 * Builds the failure of a setup step: its message has the command, a remedy and the last lines of the log.
 */
import { Failure } from '../../domain/failures';
import { lastLines } from '../../inspect/last-lines';
import type { SandboxResult } from '../../ports/sandbox';

const MAX_NAMED_SERVERS = 10;

export interface FailedStep {
  command: string[];
  result: Pick<SandboxResult, 'exitCode' | 'timedOut'>;
  /** The step's output, secrets removed. */
  log: string;
  logDigest: string;
  refusedServers: string[];
}

export function stepFailure({ command, result, log, logDigest, refusedServers: refused }: FailedStep): Failure {
  const commandText = command.join(' ').slice(0, 300);
  const missingProgram = findMissingProgram(result, log);
  const isTool = missingProgram !== undefined && (missingProgram === command[0] || TOOLS.has(missingProgram));
  if (isTool) {
    return new Failure(
      'Environment.ToolMissing',
      `${commandText} needs ${missingProgram}, which is not on the worker's PATH. ${remedyForMissing(missingProgram)}\n${lastLines(log)}`,
    );
  }
  const ending = result.timedOut ? 'ran out of time' : `ended with ${result.exitCode ?? 'a kill'}`;
  return new Failure(
    'Environment.SetupFailed',
    `${commandText} ${ending}. ${remedyForFailure(result, refused, log)} Its whole log is ${logDigest}.\n${lastLines(log)}`,
  );
}

function remedyForFailure({ timedOut }: Pick<SandboxResult, 'timedOut'>, refused: string[], log: string): string {
  if (refused.length > 0) {
    const namedServers = refused.slice(0, MAX_NAMED_SERVERS).join(',');
    const unnamedCount = refused.length - MAX_NAMED_SERVERS;
    const more = unnamedCount > 0 ? ` (and ${unnamedCount} more)` : '';
    return `It asked for servers that are not allowed during set-up${more}: SETUP_HOSTS=${namedServers} lets them through.`;
  }
  if (timedOut) return 'SETUP_TIMEOUT_S gives it more time.';
  if (/No space left on device|ENOSPC|more than \d+ bytes to disk/.test(log))
    return 'SANDBOX_DISK_MB gives it more room.';
  if (/\b(401|403)\b|Unauthorized|authentication|could not read Username|Permission denied \(publickey\)/i.test(log)) {
    return 'SETUP_ENV_FILE and SETUP_HOME give it credentials, which no other step sees.';
  }
  if (/ensurepip is not available|No module named venv/.test(log))
    return 'Install the venv module of Python (apt-get install python3-venv).';
  const runtime = WRONG_VERSIONS.find(([, sign]) => sign.test(log))?.[0];
  if (runtime !== undefined)
    return `It needs another version of ${runtime} than the worker has: start the worker with that one first on PATH, or name another way to install by commands.setup.`;
  return 'Mend it in the repository, or name another way to install by commands.setup.';
}

/** Error messages of package managers and programs for an interpreter or compiler that is too old or too new. */
const WRONG_VERSIONS: ReadonlyArray<readonly [runtime: string, sign: RegExp]> = [
  [
    'Node',
    /ERR_UNKNOWN_BUILTIN_MODULE|No such built-in module|error code EBADENGINE|ERR_PNPM_UNSUPPORTED_ENGINE|requires at least Node|The engine "node" is incompatible/,
  ],
  [
    'Python',
    /requires a different Python|Requires-Python|No interpreter found for Python|current Python version .* is not allowed/,
  ],
  ['Go', /go\.mod requires go >= |toolchain not available|requires go >= /],
  ['Rust', /requires rustc |is not supported by the following package|feature `edition\d+` is required/],
  ['Java', /UnsupportedClassVersionError|invalid target release|release version \d+ not supported/],
];

const TOOLS = new Set([
  'npm',
  'node',
  'python3',
  'git',
  'go',
  'cargo',
  'mvn',
  'gradle',
  'java',
  'uv',
  'poetry',
  'pnpm',
  'yarn',
  'bun',
]);

function findMissingProgram({ exitCode }: Pick<SandboxResult, 'exitCode'>, log: string): string | undefined {
  // The messages of this worker's own spawn, of env (as in a line `#!/usr/bin/env node`) and of a shell.
  const found =
    /^(\S+): spawn \S+ ENOENT$/m.exec(log)?.[1] ??
    /env: [‘'"]?([\w.+-]+)[’'"]?: No such file or directory/.exec(log)?.[1] ??
    /(?:sh|bash): (?:\d+: |line \d+: )?([\w.+-]+): (?:command )?not found/.exec(log)?.[1];
  if (/JAVA_HOME|Unable to locate a Java Runtime/.test(log) && exitCode !== 0 && found === undefined) return undefined;
  return exitCode === 127 ? found : undefined;
}

function remedyForMissing(program: string): string {
  return `Install ${program} where the worker runs and start it with ${program} on PATH, or name another way by commands.setup.`;
}
