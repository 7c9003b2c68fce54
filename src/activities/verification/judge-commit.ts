/**
 * All gates over the commit at hand, on evidence measured here: the same for a model's work and for an external caller's.
 */
import { sha256 } from '../../inspect/digest';
import { judgedText } from '../../domain/ids';
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
  /** All that was measured for this judgement. */
  evidence: NamedEvidence[];
  touched: Touched;
  findings: GateFindings;
  objections: string[];
}

export async function judgeCommit(deps: Deps, given: PhaseTask, sources: Sources): Promise<Judgement> {
  const { proven, touched, tests, without } = await ensureEvidence(deps, given, sources);
  const task = { ...given, ...proven };
  const facts = await gatherFacts(deps, task, { sources, tests, without });
  const gates = judgeChange(facts);
  const objections = boundReasons([...touched.objections, ...objectionsOf(gates)]);
  // The table stands beside it, so that `GET prompt` can show what the overseer is shown.
  if (objections.length === 0) await deps.documents.keepFirst('verified', keyOf(task), { at: facts.now, gates });
  const ran = facts.checks.flatMap(({ kind, run }) => (run === null ? [] : [{ name: kind, ...run }]));
  const evidence = [...(tests === null ? [] : [{ name: 'tests' as const, ...proven.evidence }]), ...ran];
  const [ofTouched, ofChange] = [touched.findings, findingsOf(gates)];
  const findings = {
    judged: [...ofTouched.judged, ...ofChange.judged],
    found: [...ofTouched.found, ...ofChange.found],
  };
  return { task, proven, facts, gates, evidence, touched, findings, objections };
}

/** What speaks against releasing this commit; null where exactly this has been verified here. */
export async function unverified(
  deps: Deps,
  task: PhaseTask,
  sources: Sources,
): Promise<Pick<Touched, 'objections' | 'findings'> | null> {
  if ((await deps.documents.load('verified', keyOf(task))) !== undefined) return null;
  const held = await blockedByOrigins(deps, task, sources);
  if (held !== null) return held;
  const { proven, objections, findings } = await judgeCommit(deps, task, sources);
  // Files that an external role handed over late are part of another commit than the one that would go live.
  const moved = proven.commit === task.commit ? [] : ['the files handed over are in no verified commit'];
  return { objections: [...moved, ...objections], findings };
}

function keyOf(task: PhaseTask): string {
  return sha256(judgedText(task));
}
