/**
 * Fresh evidence for the commit at hand, for phases that may not rely on the ones before: an external role only claims.
 */
import type { WithoutChange } from '../../domain/evidence/control';
import type { Evidence } from '../../domain/evidence/evidence';
import { wishOf } from '../../requests/start-request';
import { withExperiments } from '../experiments/with-experiments';
import { handedOver } from '../implementation/claimed-files';
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

export interface Proven {
  base: string;
  commit: string;
  evidence: Evidence;
  locked: PhaseTask['locked'];
}
export interface Seen {
  proven: Proven;
  /** What the change does to its judges, where testing has not looked here. */
  touched: Touched;
  /** The tests that ran, where they were run here; null where our own testing measured and named them. */
  tests: TestCase[] | null;
  /** What each of them did without the change, where they were run here. */
  without: WithoutChange | null;
}

/** What was measured on this commit, and looked through for tampering then; where nothing was, it is done now. */
export async function evidenceOf(deps: Deps, task: PhaseTask, sources: Sources): Promise<Seen> {
  const { base, commit, evidence } = task;
  if (base !== null && commit !== null && evidence?.commit === commit)
    return {
      proven: { base, commit, evidence, locked: task.locked },
      touched: untouched(task.locked),
      tests: null,
      without: null,
    };
  const place = await handedOver(deps, task, sources);
  const { commands } = sources.request;
  const wish = wishOf(sources.request);
  const tampered = await checkTampering(deps, task, { ...place, request: sources.request, wish });
  const touched = await withOrigins(deps, task, { ...place, touched: tampered });
  const { locked } = touched;
  const { planning, testing } = sources.outputs;
  const span = { repo: { projectId: task.projectId, buildId: task.buildId }, ...place, locked };
  const isTest = await testsIn(deps, span);
  const approved = [...touched.approved, ...(await approvedReplacements(deps, task, { ...place, locked }))];
  const measured = await measureTests(deps, {
    ...{ ...span, commands, wish, proposed: testing?.output.test_command ?? [] },
    locked: await readLocked(deps.artifacts, locked),
    changedTests: await changedTests(deps, { ...span, isTest }),
    isTest,
    ...{
      approved: touched.approved,
      excused: excusedBy({ ...touched, approved }, locked?.obsolete),
      keepsAll: keepsAll(planning),
      control: true,
    },
  });
  if (measured === undefined) throw noTestCommand();
  const standing = { measured, lockedDigest: locked?.digest ?? null, keepsAll: keepsAll(planning) };
  const { measured: tried } = await withExperiments(deps, task, { ...standing, request: sources.request });
  return {
    proven: { ...place, evidence: tried.evidence, locked },
    touched,
    tests: tried.tests,
    without: tried.without,
  };
}
