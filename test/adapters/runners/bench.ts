/**
 * Small projects for the runners' tests: written into a real sandbox, run for real, judged by the domain's own gate.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SandboxRun } from '../../../src/ports/sandbox';
import { plainCheckout } from '../../plain-checkout';
import type { TestRun } from '../../../src/ports/test-runner';
import type { RUNNERS } from '../../../src/adapters/runners/all-runners';
import { createTestRunners } from '../../../src/adapters/runners/create-runners';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { judgeTests } from '../../../src/domain/evidence/evidence';

export type Files = Record<string, string>;
type RunnerName = (typeof RUNNERS)[number]['name'] | 'generic';
const COMMANDS: Record<RunnerName, string[]> = {
  'node-test': ['node', '--test'],
  jest: ['jest'],
  vitest: ['vitest'],
  mocha: ['mocha'],
  pytest: ['pytest'],
  generic: ['sh', 'run-tests'],
};
const COMMIT = 'c'.repeat(40);

export interface Project {
  runner: RunnerName;
  files: Files;
  readOnly?: NonNullable<SandboxRun['readOnly']>;
  locked?: Array<{ path: string; text: string }>;
  command?: string[];
  coverageCommand?: string[];
}

export async function runProject({
  runner,
  files,
  readOnly,
  locked,
  command,
  coverageCommand,
}: Project): Promise<TestRun> {
  const sandbox = createBubblewrap();
  const runners = createTestRunners({ ...(readOnly === undefined ? {} : { readOnly }) });
  return sandbox.withScratch(async (folder) => {
    write(folder, files);
    const choice = { runner, command: command ?? COMMANDS[runner] };
    const more = { ...(locked && { locked }), coverageCommand };
    const checkout = await plainCheckout(sandbox, folder);
    return runners.run({ checkout, choice, ...more, coverage: true, timeoutMs: 20_000 });
  });
}

/** What speaks against the run; `before` are the tests that passed before the change. */
export function reasonsOf(run: TestRun, before: string[] = []): string[] {
  const passed = run.tests.filter(({ status }) => status === 'passed').map(({ name }) => name);
  const lost = before.filter((name) => !passed.includes(name));
  const verdict = judgeTests(
    {
      ...{ kind: 'tests', command: run.command, commit: COMMIT, exitCode: run.exitCode, timedOut: run.timedOut },
      ...{ counts: run.counts, coveragePercent: null, logDigest: '', failing: run.failing, durationMs: 0 },
      ...{ sandbox: 'bubblewrap', at: '' },
      integrity: {
        ...{ runner: run.runner, sentinel: run.sentinel, lockedDigest: null, unshown: [], control: null },
        baseline: { passed: before.length, lost: lost.length, names: lost },
      },
    },
    { commit: COMMIT, lockedDigest: null },
  );
  return verdict.pass ? [] : verdict.reasons;
}

function write(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
