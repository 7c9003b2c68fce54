/**
 * One watched test process: the sentinel is laid into the sandbox, gets its key on standard input, and reports.
 */
import { randomBytes } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { SandboxResult, SandboxRun } from '../../ports/sandbox';
import type { CheckoutRun } from '../../ports/checkouts';
import type { TestRunInput } from '../../ports/test-runner';
import { readSignedReport } from './signed-report';
import type { SignedReport } from './signed-report';

export interface Bench {
  input: TestRunInput;
  /** Tools of the machine that every run sees, such as a folder of installed packages. */
  readOnly: NonNullable<SandboxRun['readOnly']>;
}
export interface Watched extends SignedReport {
  result: SandboxResult;
}

/** Where the sentinel lies in the sandbox, and where it comes from: two levels above the sources and the compiled files. */
export const SENTINEL = '/sentinel';
const FOLDER = join(__dirname, '..', '..', '..', 'sentinel');
let loaded: Array<{ path: string; text: string }> | undefined;

export async function runWatched(bench: Bench, command: string[], more: Partial<CheckoutRun> = {}): Promise<Watched> {
  const { checkout, timeoutMs, signal, locked = [] } = bench.input;
  const key = randomBytes(32);
  const result = await checkout.run({
    ...{ command, timeoutMs, signal, readOnly: bench.readOnly },
    files: [...sentinelFiles(), ...locked.map(({ path, text }) => ({ path: `/workspace/${path}`, text }))],
    stdin: key.toString('hex'),
    ...more,
  });
  return { result, ...readSignedReport(result.report ?? '', key) };
}

function sentinelFiles(): Array<{ path: string; text: string }> {
  loaded ??= readdirSync(FOLDER).map((name) => ({
    path: `${SENTINEL}/${name}`,
    text: readFileSync(join(FOLDER, name), 'utf8'),
  }));
  return loaded;
}
