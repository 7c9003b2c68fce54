/**
 * Old tests that the Test Auditor drops, renames or rewrites though they pass with the change, too, and red ones that nothing
 * replaces: a person decides, as of a test that the Code Writer changes. An approval holds for exactly these texts of these files.
 */
import { keyOf, shorterFiles } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import { judgeTests } from '../../domain/evidence/evidence';
import { tamperingText } from '../../domain/evidence/tampering';
import type { Locked, PathChange } from '../../domain/evidence/tampering';
import { isApproved } from '../../domain/findings';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { GateFindings } from '../../domain/findings';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { LockedFile } from './locked-tests';
import type { Measured } from './measure';
import { weakenedFiles } from './weakened-tests';

interface Span {
  base: string;
  commit: string;
  locked: Locked | null;
}

/** Old test files that a person lets the Test Auditor have replaced as they are. */
export async function approvedReplacements(deps: Deps, task: PhaseTask, span: Span): Promise<string[]> {
  // An approval is needed first: without any, no tree has to be read.
  if (task.approvals.length === 0) return [];
  const { found, digest } = await findReplaced(deps, task, span);
  return isApproved(task.approvals, 'tampering', digest) ? found.map(({ path }) => path) : [];
}

/**
 * What a person is asked: only where nothing but the lost tests speaks against the change, and each of them is gone from a file
 * that the Test Auditor has replaced.
 */
export async function judgeReplaced(
  deps: Deps,
  task: PhaseTask,
  { measured, others, files, ...span }: Span & { measured: Measured; others: string[]; files: LockedFile[] },
): Promise<{ objections: string[]; found: GateFindings['found'] }> {
  const nothing = { objections: [], found: [] };
  const { turnedRed } = measured;
  const gone = turnedRed.filter(isGone(measured, span));
  // What was red before the change is in no baseline.
  const isShorter = shorterFiles(measured.tests, {
    ...{ passed: measured.before, failed: measured.redBefore, flaky: measured.flaky },
  });
  const dropped = measured.redBefore.filter(isGone(measured, span)).filter(({ file }) => isShorter(file));
  if (gone.length < turnedRed.length || others.length > 0 || !isRightBeside(measured, span)) return nothing;
  const lost = [...gone, ...dropped].map(({ name }) => name);
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const rewritten = await weakenedFiles(deps, repo, { base: span.base, locked: { lock: span.locked, files } });
  if (lost.length + rewritten.length === 0) return nothing;
  const { found, digest } = await findReplaced(deps, task, span);
  const { approvals, phase } = task;
  const replaced = { lost, rewritten };
  const judged = judgeAll('touched_judges', { found, digest, formerDigest: digest, approvals, phase, replaced });
  return { objections: reasonsOf(judged), found: findingsOf(judged).found };
}

/** Of a file that the Test Auditor has replaced, and not in the run any more. */
function isGone({ tests }: Measured, { locked }: Span): (test: Named) => boolean {
  const named = new Set(tests.map(keyOf));
  return (test) => !named.has(keyOf(test)) && Object.hasOwn(locked?.files ?? {}, test.file);
}

/** True where the run is as it should be but for the lost tests; how much of the change ran is judged once they are settled. */
function isRightBeside({ evidence }: Measured, { commit, locked }: Span): boolean {
  if (evidence.integrity === null) return false;
  const integrity = { ...evidence.integrity, baseline: { passed: 0, lost: 0, names: [] } };
  const asked = { commit, lockedDigest: locked?.digest ?? null, coverageFloorPercent: 0 };
  return judgeTests({ ...evidence, integrity }, asked).pass;
}

/** Locked files that were there before the build, with the digest of the text that shows them. */
async function findReplaced(
  { workspace, artifacts }: Pick<Deps, 'workspace' | 'artifacts'>,
  { projectId, buildId }: PhaseTask,
  { base, commit, locked }: Span,
): Promise<{ found: PathChange[]; digest: string }> {
  const repo = { projectId, buildId };
  const changes = await workspace.contentChanges(repo, base, commit);
  const found = changes.filter(({ path, before }) => before !== null && Object.hasOwn(locked?.files ?? {}, path));
  const diff = found.length === 0 ? '' : await workspace.diff(repo, base, commit);
  const { digest } = await artifacts.put(tamperingText(found, { locked, diff }));
  return { found, digest };
}
