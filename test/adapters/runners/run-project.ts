/**
 * Runs small projects for the runners' tests in a real sandbox, and judges the results by the real gate.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Sandbox, SandboxRun } from '../../../src/ports/sandbox';
import { plainCheckout } from '../../plain-checkout';
import type { PreparedCheckout } from '../../../src/ports/checkouts';
import type { LaidFile, TestRun } from '../../../src/ports/test-runner';
import { createTestRunners } from '../../../src/adapters/runners/create-runners';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import { judgeTests } from '../../../src/domain/evidence/evidence';

export type Files = Record<string, string>;
const COMMIT = 'c'.repeat(40);

export interface Project {
  files: Files;
  command: string[];
  readOnly?: NonNullable<SandboxRun['readOnly']>;
  lockedTests?: LaidFile[];
  laidFiles?: LaidFile[];
  only?: string[];
  workdir?: string;
  sandbox?: Sandbox;
  /** Folders into which tools write caches. */
  scratch?: string[];
  coverage?: boolean;
  coverageCommand?: string[];
}

export async function runProject(project: Project): Promise<TestRun> {
  const { files, command, readOnly = [], workdir = '', scratch = [], coverage = true, only } = project;
  const { lockedTests, laidFiles, coverageCommand } = project;
  const { sandbox = createBubblewrap() } = project;
  return sandbox.withScratch(async (folder) => {
    writeFiles(folder, files);
    const checkout = await plainCheckout(sandbox, folder);
    const run: PreparedCheckout['run'] = (spec) =>
      sandbox.run({ ...spec, folder, cwd: workdir, scratch, readOnly: [...readOnly, ...(spec.readOnly ?? [])] });
    const setup = { ...checkout.setup, workdir };
    const choice = { runner: 'command', command };
    return createTestRunners().run({
      checkout: { ...checkout, setup, run },
      choice,
      ...{ only, locked: lockedTests, laid: laidFiles, coverageCommand },
      coverage,
      timeoutMs: 240_000,
    });
  });
}

/** Returns the gate's objections to the run; `passedBefore` are the tests that passed before the change. */
export function reasonsOf(run: TestRun, passedBefore: string[] = []): string[] {
  const passed = run.tests.filter(({ status }) => status === 'passed').map(({ name }) => name);
  const lost = passedBefore.filter((name) => !passed.includes(name));
  const verdict = judgeTests(
    {
      ...{ kind: 'tests', command: run.command, commit: COMMIT, exitCode: run.exitCode, timedOut: run.timedOut },
      ...{ counts: run.counts, coveragePercent: null, logDigest: '', failing: run.failing, durationMs: 0 },
      ...{ sandbox: 'bubblewrap', at: '' },
      integrity: {
        ...{ runner: run.runner, sentinel: run.sentinel, lockedDigest: null, unshown: [], control: null },
        baseline: { passed: passedBefore.length, lost: lost.length, names: lost },
      },
    },
    { commit: COMMIT, lockedDigest: null },
  );
  return verdict.pass ? [] : verdict.reasons;
}

function writeFiles(folder: string, files: Files): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}
