/**
 * A worker process for release-kill.chaos.test.ts: it runs a release job, and kills itself by SIGKILL at the step that the job
 * names.
 *
 * Nothing is faked. Only the target `command` needs the sandbox; the smoke test requests a page.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { runRelease } from '../../src/activities/deployment/run-release';
import type { ReleasePlan, ReleaseResult } from '../../src/activities/deployment/run-release';
import { createFileDocuments } from '../../src/adapters/artifacts/documents';
import { createCommandReleases } from '../../src/adapters/releases/command';
import { createDirectoryReleases } from '../../src/adapters/releases/directory';
import { createHealthWatch } from '../../src/adapters/releases/health';
import { createBubblewrap } from '../../src/adapters/sandbox/bubblewrap';
import { createNoSandbox } from '../../src/adapters/sandbox/none';

export interface ReleaseJob {
  /** The folder of the documents and releases. */
  place: string;
  plan: Omit<ReleasePlan, 'signal'>;
  /** `sick`: the page is gone after the first good check, so the health streak breaks. */
  health: 'well' | 'sick';
  /** The step at which the process kills itself, and at which of its occurrences. */
  killAt: { name: string; time: number } | null;
  /** Commands of the target `command`; absent: the target `directory`. */
  commands?: { deploy: string[]; rollback: string[] };
}

export function runJob(job: ReleaseJob, onStep: (name: string) => void = () => undefined): Promise<ReleaseResult> {
  const times = new Map<string, number>();
  const checkpoint = (name: string): void => {
    const time = (times.get(name) ?? 0) + 1;
    times.set(name, time);
    onStep(name);
    if (job.killAt?.name === name && job.killAt.time === time) process.kill(process.pid, 'SIGKILL');
    if (name === 'streak' && job.health === 'sick') rmSync(join(releasesOf(job.place), 'shop/current/index.html'));
  };
  const documents = createFileDocuments(join(job.place, 'documents'));
  const root = releasesOf(job.place);
  const target =
    job.commands === undefined
      ? createDirectoryReleases({ root, documents, checkpoint })
      : createCommandReleases({
          ...{ root, documents, checkpoint, sandbox: createBubblewrap() },
          settings: { target: 'command', ...job.commands },
        });
  return runRelease({ target, documents, watchHealth: createHealthWatch(createNoSandbox()), checkpoint }, job.plan);
}

export function releasesOf(place: string): string {
  return join(place, 'releases');
}

if (require.main === module) {
  void runJob(JSON.parse(process.argv[2] ?? '') as ReleaseJob).then((result) => console.log(JSON.stringify(result)));
}
