/**
 * Makes the recorded calls of a group again: one process in the sandbox, in one replay setting, which writes the answers to a report
 * channel. The programs are `sandbox-programs/replay`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askedOf, FOLDERS } from '../../domain/experiments/replay-setting';
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

/** Three levels up from the sources and from the compiled files alike. */
const PROGRAMS = join(__dirname, '..', '..', '..', 'sandbox-programs', 'replay');
const textOf = (name: string) => readFileSync(join(PROGRAMS, name), 'utf8');

export const RECORDERS: Recorders = { js: textOf('record.cjs'), python: textOf('record.py') };
const ASK = {
  js: { path: '/opt/run/start.cjs', text: textOf('ask.cjs'), program: 'node' },
  python: { path: '/opt/run/start.py', text: textOf('ask.py'), program: 'python3' },
};
/** Beside these, which they load where they need them. */
const BESIDE = ['clock.cjs', 'stay.cjs', 'stay.py'].map((name) => ({ path: `/opt/run/${name}`, text: textOf(name) }));
const TIMEOUT_MS = 20_000;

export interface Replayed {
  answers: Answers;
  /** Undefined where the process did not come to its end. */
  trials: Trial[] | undefined;
}

interface Replay {
  group: RecordedGroup;
  setting: ReplaySetting;
  /** All of the group, if not given. */
  calls?: RecordedCall[] | undefined;
  signal: AbortSignal;
  /** True where a run before had the folder. */
  isGiven: boolean;
}

export async function replay(
  checkout: PreparedCheckout,
  { group, setting, calls, signal, isGiven }: Replay,
): Promise<Replayed> {
  const isPython = group.calls[0]?.kind === 'python';
  const { path, text, program } = isPython ? ASK.python : ASK.js;
  // Nothing of the run's own variables is left but these.
  const words = [
    ...localeOf(setting),
    program,
    ...(isPython ? ['-B', ...(setting.isOptimized === true ? ['-O'] : [])] : []),
    path,
  ];
  const start = `exec /usr/bin/env -i PATH="$PATH" HOME="$HOME" ${words.join(' ')} "$REPORT_FD"`;
  const { report = '' } = await checkout.run({
    ...{ command: ['/bin/sh', '-c', start], timeoutMs: TIMEOUT_MS, signal, isGiven },
    stdin: JSON.stringify(askedOf(group, setting, calls)),
    files: [{ path, text }, ...BESIDE],
    ...(setting.folder === 0 ? {} : moved(checkout, FOLDERS[setting.folder])),
  });
  return { answers: readAnswers(report) ?? new Map<number, string>(), trials: readTrials(report) };
}

/** An interpreter reads its language when it starts. */
function localeOf({ more = {} }: ReplaySetting): string[] {
  return Object.entries(more).flatMap(([name, value]) =>
    /^(?:LANG|LC_ALL)$/.test(name) && /^[\w.-]+$/.test(value) ? [`${name}=${value}`] : [],
  );
}

/** The project at another place, as writable as it is at its own, with what its runs see beside it. */
function moved({ folder, shown }: PreparedCheckout, to: string): Pick<CheckoutRun, 'readOnly' | 'writable'> {
  const beside = (shown.readOnly ?? []).filter((one) => !one.to.startsWith('/'));
  return {
    readOnly: beside.map((one) => ({ from: one.from, to: `${to}/${one.to}` })),
    writable: [{ from: folder, to, isGiven: true }],
  };
}
