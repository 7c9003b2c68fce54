/**
 * Runs all gates on the current commit, with measured evidence only. It treats the work of models and of external roles alike.
 */
import { sha256 } from '../../inspect/digest';
import { verificationText } from '../../domain/ids';
import type { NamedEvidence } from '../../domain/evidence/named-evidence';
import type { ChangeFacts } from '../../domain/gates/facts';
import { findingsOf, judgeChange } from '../../domain/gates';
import type { GateFindings } from '../../domain/findings';
import { boundReasons, objectionsOf } from '../../domain/gates/gate';
import type { GateVerdict } from '../../domain/gates/gate';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import { blockedByOrigins } from '../testing/origins';
import { ensureEvidence } from '../testing/fresh-evidence';
import type { VerifiedCommit } from '../testing/fresh-evidence';
import { gatherFacts } from './gather-facts';
import type { Sources } from '../sources';
import type { Touched } from '../testing/tampering';

export interface Judgement {
  task: PhaseTask & VerifiedCommit;
  proven: VerifiedCommit;
  facts: ChangeFacts;
  gates: GateVerdict[];
  /** The measurements that were made for this judgement. */
  evidence: NamedEvidence[];
  touched: Touched;
  findings: GateFindings;
  objections: string[];
}

export async function judgeCommit(deps: Deps, scheduled: PhaseTask, sources: Sources): Promise<Judgement> {
  const { proven, touched, tests, without } = await ensureEvidence(deps, scheduled, sources);
  const task = { ...scheduled, ...proven };
  const facts = await gatherFacts(deps, task, { sources, tests, without });
  const gates = judgeChange(facts);
  const objections = boundReasons([...touched.objections, ...objectionsOf(gates)]);
  // The verdicts are stored too, so that `GET prompt` can show the same table as the overseer's prompt.
  if (objections.length === 0) await deps.documents.keepFirst('verified', keyOf(task), { at: facts.now, gates });
  const checkRuns = facts.checks.flatMap(({ kind, run }) => (run === null ? [] : [{ name: kind, ...run }]));
  const evidence = [...(tests === null ? [] : [{ name: 'tests' as const, ...proven.evidence }]), ...checkRuns];
  const [ofTouched, ofChange] = [touched.findings, findingsOf(gates)];
  const findings = {
    judged: [...ofTouched.judged, ...ofChange.judged],
    found: [...ofTouched.found, ...ofChange.found],
  };
  return { task, proven, facts, gates, evidence, touched, findings, objections };
}

/** Gives the objections to a release of this commit; null where all gates have passed for exactly this commit. */
export async function checkVerified(
  deps: Deps,
  task: PhaseTask,
  sources: Sources,
): Promise<Pick<Touched, 'objections' | 'findings'> | null> {
  if ((await deps.documents.load('verified', keyOf(task))) !== undefined) return null;
  const blocked = await blockedByOrigins(deps, task, sources);
  if (blocked !== null) return blocked;
  const { proven, objections, findings } = await judgeCommit(deps, task, sources);
  // If an external role handed over more files, they are in a newer commit than the one that would go live.
  const newerFiles =
    proven.commit === task.commit ? [] : ['no verified commit contains the files that were handed over'];
  return { objections: [...newerFiles, ...objections], findings };
}

function keyOf(task: PhaseTask): string {
  return sha256(verificationText(task));
}
