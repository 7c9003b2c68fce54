/**
 * Makes the recorded calls of one test process again, in one process in the sandbox and with one replay setting. The process writes the
 * answers to the report channel. Its programs are in `sandbox-programs/replay`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { replayInput, FOLDERS } from '../../domain/experiments/replay-setting';
import type {
  Answers,
  ReplaySetting,
  RecordedCall,
  RecordedGroup,
  Trial,
} from '../../domain/experiments/replay-setting';
import { readAnswers, readTrials } from '../../inspect/replay/read-record';
import type { Recorders } from '../../inspect/replay/variant';
import type { CheckoutRun, PreparedCheckout } from '../../ports/checkouts';

/** The repository's root is three levels up, both from the source file and from the compiled file. */
const PROGRAMS = join(__dirname, '..', '..', '..', 'sandbox-programs', 'replay');
const readProgram = (name: string) => readFileSync(join(PROGRAMS, name), 'utf8');

export const RECORDERS: Recorders = { js: readProgram('record.cjs'), python: readProgram('record.py') };
const START_PROGRAMS = {
  js: { path: '/opt/run/start.cjs', text: readProgram('ask.cjs'), program: 'node' },
  python: { path: '/opt/run/start.py', text: readProgram('ask.py'), program: 'python3' },
};
/** Modules that the start programs load. The `stay` modules repeat the calls in one long-lived process. */
const MODULES = ['clock.cjs', 'stay.cjs', 'stay.py'].map((name) => ({
  path: `/opt/run/${name}`,
  text: readProgram(name),
}));
const TIMEOUT_MS = 20_000;

export interface Replayed {
  answers: Answers;
  /** Undefined where the process did not finish. */
  trials: Trial[] | undefined;
}

interface Replay {
  group: RecordedGroup;
  setting: ReplaySetting;
  /** The calls to make; absent: all calls of the group. */
  calls?: RecordedCall[] | undefined;
  signal: AbortSignal;
  /** True where an earlier run gave the folder to the sandbox's user. */
  isOwnedBySandboxUser: boolean;
}

export async function replay(
  checkout: PreparedCheckout,
  { group, setting, calls, signal, isOwnedBySandboxUser }: Replay,
): Promise<Replayed> {
  const isPython = group.calls[0]?.kind === 'python';
  const { path, text, program } = isPython ? START_PROGRAMS.python : START_PROGRAMS.js;
  // `env -i` removes all other variables of the run.
  const commandWords = [
    ...localeOf(setting),
    program,
    ...(isPython ? ['-B', ...(setting.isOptimized === true ? ['-O'] : [])] : []),
    path,
  ];
  const start = `exec /usr/bin/env -i PATH="$PATH" HOME="$HOME" ${commandWords.join(' ')} "$REPORT_FD"`;
  const { report = '' } = await checkout.run({
    ...{ command: ['/bin/sh', '-c', start], timeoutMs: TIMEOUT_MS, signal, isOwnedBySandboxUser },
    stdin: JSON.stringify(replayInput(group, setting, calls)),
    files: [{ path, text }, ...MODULES],
    ...(setting.folder === 0 ? {} : mountAt(checkout, FOLDERS[setting.folder])),
  });
  return { answers: readAnswers(report) ?? new Map<number, string>(), trials: readTrials(report) };
}

/** Gives the locale variables of the setting for the command line, because an interpreter reads them at its start. */
function localeOf({ more = {} }: ReplaySetting): string[] {
  return Object.entries(more).flatMap(([name, value]) =>
    /^(?:LANG|LC_ALL)$/.test(name) && /^[\w.-]+$/.test(value) ? [`${name}=${value}`] : [],
  );
}

/** Mounts the project, with its packages, at another path, writable as before. */
function mountAt({ folder, shown }: PreparedCheckout, to: string): Pick<CheckoutRun, 'readOnly' | 'writable'> {
  const packageMounts = (shown.readOnly ?? []).filter((mount) => !mount.to.startsWith('/'));
  return {
    readOnly: packageMounts.map((mount) => ({ from: mount.from, to: `${to}/${mount.to}` })),
    writable: [{ from: folder, to, isOwnedBySandboxUser: true }],
  };
}
