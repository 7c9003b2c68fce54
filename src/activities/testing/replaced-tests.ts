/**
 * Asks a person about old tests that the Test Auditor drops, renames or rewrites although they pass with the change, and about failing
 * old tests that it drops without a replacement. An approval is valid for exactly these texts of these files.
 */
import { keyOf, createIsShorter } from '../../domain/evidence/baseline';
import type { Named } from '../../domain/evidence/criteria';
import { judgeTests } from '../../domain/evidence/evidence';
import type { Locked } from '../../domain/evidence/tampering';
import { isApproved } from '../../domain/findings';
import { findingsOf, judgeAll, reasonsOf } from '../../domain/gates';
import type { GateFindings } from '../../domain/findings';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { LockedFile } from './locked-tests';
import type { Measured } from './measure';
import { keepTexts } from './tampering';
import { weakenedFiles } from './weakened-tests';

interface Span {
  base: string;
  commit: string;
  locked: Locked | null;
}

/** Gives the old test files whose replacement by the Test Auditor a person has approved. */
export async function approvedReplacements(deps: Deps, task: PhaseTask, span: Span): Promise<string[]> {
  // Without any approval, no tree has to be read.
  if (task.approvals.length === 0) return [];
  const { files, wholeDigests } = await findReplaced(deps, task, span);
  const hasApproval = (digest: string): boolean => isApproved(task.approvals, 'tampering', digest);
  return files.filter(({ digest }) => [digest, ...wholeDigests].some(hasApproval)).map(({ path }) => path);
}

/**
 * Gives the findings for a person. There are some only if lost tests are the only objection to the change, and each lost test was in a
 * file that the Test Auditor has replaced.
 */
export async function judgeReplaced(
  deps: Deps,
  task: PhaseTask,
  { measured, others, files, ...span }: Span & { measured: Measured; others: string[]; files: LockedFile[] },
): Promise<{ objections: string[]; found: GateFindings['found'] }> {
  const nothing = { objections: [], found: [] };
  const { turnedRed } = measured;
  const missingTests = turnedRed.filter(isGone(measured, span));
  // The baseline holds no tests that failed before the change, so they are checked separately.
  const isShorter = createIsShorter(measured.tests, {
    ...{ passed: measured.passedBefore, failed: measured.redBefore, flaky: measured.flaky },
  });
  const droppedRedTests = measured.redBefore.filter(isGone(measured, span)).filter(({ file }) => isShorter(file));
  if (missingTests.length < turnedRed.length || others.length > 0 || !passesOtherwise(measured, span)) return nothing;
  const lost = [...missingTests, ...droppedRedTests];
  const repo = { projectId: task.projectId, buildId: task.buildId };
  const rewritten = await weakenedFiles(deps, repo, { base: span.base, locked: { lock: span.locked, files } });
  if (lost.length + rewritten.length === 0) return nothing;
  const { files: judgedFiles, wholeDigests } = await findReplaced(deps, task, span);
  const replaced = judgedFiles
    .map(({ path }) => ({
      path,
      lost: lost.filter(({ file }) => file === path).map(({ name }) => name),
      isRewritten: rewritten.includes(path),
    }))
    .filter((file) => file.isRewritten || file.lost.length > 0);
  const found = judgedFiles.filter(({ path }) => replaced.some((file) => file.path === path));
  const { approvals, phase } = task;
  const judged = judgeAll('touched_judges', { found, wholeDigests, approvals, phase, replaced });
  return { objections: reasonsOf(judged), found: findingsOf(judged).found };
}

/** Gives a function that is true for a test which the run lacks and whose file the Test Auditor has replaced. */
function isGone({ tests }: Measured, { locked }: Span): (test: Named) => boolean {
  const named = new Set(tests.map(keyOf));
  return (test) => !named.has(keyOf(test)) && Object.hasOwn(locked?.files ?? {}, test.file);
}

/** True if the run passes all checks except the one for lost tests. Coverage is judged after a person has decided about these. */
function passesOtherwise({ evidence }: Measured, { commit, locked }: Span): boolean {
  if (evidence.integrity === null) return false;
  const integrity = { ...evidence.integrity, baseline: { passed: 0, lost: 0, names: [] } };
  const asked = { commit, lockedDigest: locked?.digest ?? null, coverageFloorPercent: 0 };
  return judgeTests({ ...evidence, integrity }, asked).pass;
}

/** Gives locked files that existed at the base, each with the digest of the text that shows its change. */
async function findReplaced(
  deps: Pick<Deps, 'workspace' | 'artifacts'>,
  task: PhaseTask,
  { base, commit, locked }: Span,
): ReturnType<typeof keepTexts> {
  const changes = await deps.workspace.contentChanges(task, base, commit);
  const found = changes.filter(({ path, before }) => before !== null && Object.hasOwn(locked?.files ?? {}, path));
  const { projectId, buildId } = task;
  return keepTexts(deps, { projectId, buildId, locked }, { base, commit, found });
}
