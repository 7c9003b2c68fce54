/**
 * Makes small projects, runs their tests in a real sandbox with recorders, and replays the recorded calls.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MockActivityEnvironment } from '@temporalio/testing';
import { replayCalls } from '../../../src/activities/experiments/replay-calls';
import type { ReplayVerdict } from '../../../src/domain/experiments/judge-replay';
import type { Deps } from '../../../src/activities/deps';
import { createTestRunners } from '../../../src/adapters/runners/create-runners';
import { createBubblewrap } from '../../../src/adapters/sandbox/bubblewrap';
import type { Checkouts } from '../../../src/ports/checkouts';
import type { Sandbox, SandboxRun } from '../../../src/ports/sandbox';
import { plainCheckout } from '../../plain-checkout';
import { readersHere } from '../../readers-here';

export interface ReplayedProject {
  files: Record<string, string>;
  command: string[];
  /** Paths of the changed sources. */
  changed: string[];
  packages?: NonNullable<SandboxRun['readOnly']>;
  sandbox?: Sandbox;
}

export async function runAndReplay(project: ReplayedProject): Promise<ReplayVerdict> {
  const { files, command, changed, packages = [], sandbox = createBubblewrap() } = project;
  const checkouts: Pick<Checkouts, 'with'> = {
    with: (_, use) =>
      sandbox.withScratch(async (folder) => {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(folder, path)), { recursive: true });
          writeFileSync(join(folder, path), text);
        }
        return use(await plainCheckout(sandbox, folder, packages));
      }),
  };
  const deps = {
    sandbox,
    checkouts,
    readers: readersHere,
    runners: createTestRunners(),
    testTimeoutMs: 60_000,
  } as unknown as Deps;
  const commit = 'c'.repeat(40);
  const repo = { projectId: 'p', repository: 'r' } as never;
  const choice = { runner: 'command', command };
  const method = { repo, base: commit, choice, overrides: {}, isOfBase: true, setupKey: '' };
  const changedSources = changed.map((path) => ({ path, text: files[path] ?? '' }));
  const environment = new MockActivityEnvironment();
  const replay = { method, commit, locked: [], laid: [], changedSources };
  return environment.run(() => replayCalls(deps, replay)) as Promise<ReplayVerdict>;
}
