/**
 * Fresh evidence for the commit at hand, for phases that may not rely on the ones before: an external role only claims.
 */
import type { Evidence } from '../domain/evidence';
import { handedOver } from './claimed-files';
import type { PhaseTask } from './contract';
import type { Deps } from './deps';
import { measureTests } from './measure';
import { loadRequest } from './request';
import { checkTampering } from './tampering';
import type { TestCase } from './test-runs';

export interface Proven {
  base: string;
  commit: string;
  evidence: Evidence;
}
export interface Seen {
  proven: Proven;
  /** The tests that ran, where they were run here; null where our own testing measured and named them. */
  tests: TestCase[] | null;
  /** Tampering that no testing of ours has objected to. */
  tampering: string[];
}

/** What was measured on this commit and under this lock; where nothing was, it is measured now. */
export async function evidenceOf(deps: Deps, task: PhaseTask): Promise<Seen> {
  const { base, commit, evidence } = task;
  if (base !== null && commit !== null && evidence?.commit === commit)
    return { proven: { base, commit, evidence }, tests: null, tampering: [] };
  const place = await handedOver(deps, task);
  const { commands } = await loadRequest(deps.artifacts, task);
  const { locked, approved, objections } = await checkTampering(deps, task, place);
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const measured = await measureTests(deps, { repo, ...place, commands, locked, approved });
  return { proven: { ...place, evidence: measured.evidence }, tests: measured.tests, tampering: objections };
}
