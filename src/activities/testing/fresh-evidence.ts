/**
 * Makes fresh evidence for the current commit where there is none, for example because an external role did the earlier phases and
 * only claims that its tests pass.
 */
import type { WithoutChange } from '../../domain/evidence/control';
import type { Evidence } from '../../domain/evidence/evidence';
import { overridesOf } from '../../requests/start-request';
import { withExperiments } from '../experiments/with-experiments';
import { commitHandedOver } from '../implementation/claimed-files';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { changedTests, excusedBy } from './changed-tests';
import { measureTests } from './measure';
import { noTestCommand } from './run-tests';
import { keepsAll } from '../verification/facts/promises';
import type { Sources } from '../sources';
import { approvedReplacements } from './replaced-tests';
import { testsIn } from './judges';
import { readLocked } from './locked-tests';
import { withOrigins } from './origins';
import { checkTampering, untouched } from './tampering';
import type { Touched } from './tampering';
import type { TestCase } from '../../ports/test-runner';

export interface VerifiedCommit {
  base: string;
  commit: string;
  evidence: Evidence;
  locked: PhaseTask['locked'];
}
export interface CommitEvidence {
  proven: VerifiedCommit;
  /** The change's edits of its own tests and settings; empty where the testing phase has checked them. */
  touched: Touched;
  /** The tests of a run that was made now; null where the testing phase has measured the commit. */
  tests: TestCase[] | null;
  /** The result of each of these tests without the change. */
  without: WithoutChange | null;
}

/** Gives the evidence of the testing phase for this commit. Where there is none, it checks for tampering and measures now. */
export async function ensureEvidence(deps: Deps, task: PhaseTask, sources: Sources): Promise<CommitEvidence> {
  const { base, commit, evidence } = task;
  if (base !== null && commit !== null && evidence?.commit === commit)
    return {
      proven: { base, commit, evidence, locked: task.locked },
      touched: untouched(task.locked),
      tests: null,
      without: null,
    };
  const commits = await commitHandedOver(deps, task, sources);
  const { commands } = sources.request;
  const overrides = overridesOf(sources.request);
  const tampered = await checkTampering(deps, task, { ...commits, request: sources.request, overrides });
  const touched = await withOrigins(deps, task, { ...commits, touched: tampered });
  const { locked } = touched;
  const { planning, testing } = sources.outputs;
  const span = { repo: { projectId: task.projectId, buildId: task.buildId }, ...commits, locked };
  const isTest = await testsIn(deps, span);
  const approved = [...touched.approved, ...(await approvedReplacements(deps, task, { ...commits, locked }))];
  const measured = await measureTests(deps, {
    ...{ ...span, commands, overrides, proposed: testing?.output.test_command ?? [] },
    locked: await readLocked(deps.artifacts, locked),
    changedTests: await changedTests(deps, { ...span, isTest }),
    isTest,
    ...{
      approved: touched.approved,
      excused: excusedBy({ ...touched, approved }, locked?.obsolete),
      keepsAll: keepsAll(planning),
      needsControl: true,
    },
  });
  if (measured === undefined) throw noTestCommand();
  const subject = { measured, lockedDigest: locked?.digest ?? null, keepsAll: keepsAll(planning) };
  const { measured: tried } = await withExperiments(deps, task, { ...subject, request: sources.request });
  return {
    proven: { ...commits, evidence: tried.evidence, locked },
    touched,
    tests: tried.tests,
    without: tried.without,
  };
}
