/**
 * The evidence pages of the gates: the verdict of each gate, the commit it belongs to, what it found, and what helps.
 *
 * Verdicts come from the outputs of testing and verification, from gates that can be judged on the build itself, and from the
 * open findings. The claims of an external role are no verdicts. Pure.
 */
import type { BuildState } from '../build/state';
import type { OutputRef } from '../build/output-ref';
import { openFindings } from '../build/state';
import { completedPhases } from '../build/status';
import { isApproved } from '../findings';
import { GATES, judgeAll } from '../gates';
import type { Gate, GateVerdict } from '../gates/gate';
import { verdictOf } from '../gates/gate';
import { isDigest } from '../ids';
import { firstMember, isObject } from '../json';
import type { Phase } from '../roles';
import { evidenceOfOutput } from '../record/evidence';
import type { Evidence } from './evidence';
import { commandText } from './named-evidence';
import type { PageDraft, PageVerdict } from './page';

/** The last stored output of a phase; undefined if it no longer exists. */
export interface KeptOutput {
  ref: OutputRef;
  content: unknown;
}
export interface GateSources {
  build: BuildState;
  outputs: Partial<Record<Phase, KeptOutput>>;
  /** The verdicts of verification for exactly this build, if all gates passed. */
  verified: GateVerdict[];
}

/** The latest verdict of a gate, with its commit. */
interface LastVerdict {
  verdict: GateVerdict;
  commit: string | null;
  phase: Phase | null;
}

/** The latest evidence of a test run: of the current commit, or of the commit that testing or verification rejected. */
export function lastEvidence({ build, outputs }: Pick<GateSources, 'build' | 'outputs'>): Evidence | null {
  if (build.evidence !== null) return build.evidence;
  const measuredOutputs = [outputs.testing, outputs.verification].filter(
    (one) => one !== undefined && one.ref.source !== 'claimed',
  );
  const testEvidence = measuredOutputs
    .flatMap((one) => evidenceOfOutput(one?.content))
    .filter(({ kind }) => kind === 'tests');
  return testEvidence.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1) ?? null;
}

export function gatePages(sources: GateSources): PageDraft[] {
  const verdicts = [...currentVerdicts(sources), ...storedVerdicts(sources)];
  return (GATES as readonly Gate[]).map((gate) =>
    pageOf(
      gate,
      verdicts.find(({ verdict }) => verdict.gate === gate.name),
      sources,
    ),
  );
}

/** Judges the gates on the build and its evidence again, so that approvals take effect at once. Gates are pure, so this is safe. */
function currentVerdicts(sources: GateSources): LastVerdict[] {
  const { build } = sources;
  const { coverageFloorPercent, release, approvals, state } = build;
  const evidence = lastEvidence(sources);
  // Evidence of a rejected commit is judged with the locked tests of its own run.
  const isCurrent = evidence === null || evidence.commit === build.commit;
  const commit = isCurrent ? build.commit : evidence.commit;
  const lockedDigest = (isCurrent ? build.locked?.digest : evidence.integrity?.lockedDigest) ?? null;
  const facts = { evidence, commit: commit ?? '', lockedDigest, coverageFloorPercent, release };
  const judgedGates = [
    ...judgeAll('state', facts),
    ...(evidence?.experiments === undefined ? [] : judgeAll('experiments', { evidence, approvals, phase: 'testing' })),
  ];
  const hasSubject: Record<string, boolean> = {
    commit: build.commit !== null,
    tests: evidence !== null,
    live: release !== null || (state === 'error' && build.failure.phase === 'deployment'),
  };
  return judgedGates
    .filter(({ gate }) => hasSubject[gate] ?? true)
    .map(({ gate, ...failureTexts }) => ({ verdict: verdictOf(gate, failureTexts), commit, phase: null }));
}

/** The stored verdicts of earlier phases, the latest phase first. */
function storedVerdicts({ build, outputs, verified }: GateSources): LastVerdict[] {
  const verifiedVerdicts = verified.map((verdict): LastVerdict => ({
    verdict,
    commit: build.commit,
    phase: 'verification',
  }));
  const outputVerdicts = (['verification', 'testing'] as const).flatMap((phase) => {
    const output = outputs[phase];
    if (output === undefined || output.ref.source === 'claimed') return [];
    const commit = commitOf(output.content);
    return verdictsIn(output.content).map((verdict): LastVerdict => ({ verdict, commit, phase }));
  });
  // A verdict on another commit counts only if there is none on the current commit.
  const verdicts = [...verifiedVerdicts, ...outputVerdicts];
  return [
    ...verdicts.filter(({ commit }) => commit === build.commit),
    ...verdicts.filter(({ commit }) => commit !== build.commit),
  ];
}

function commitOf(output: unknown): string | null {
  const namedCommit = firstMember(output, 'commit');
  return typeof namedCommit === 'string' ? namedCommit : (evidenceOfOutput(output).at(-1)?.commit ?? null);
}

function verdictsIn(output: unknown): GateVerdict[] {
  const list = firstMember(output, 'gates');
  return Array.isArray(list) ? list.filter(isVerdict) : [];
}

function isVerdict(value: unknown): value is GateVerdict {
  if (!isObject(value)) return false;
  const { gate, pass, reasons, notes, evidence } = value;
  return typeof gate === 'string' && typeof pass === 'boolean' && [reasons, notes, evidence].every(Array.isArray);
}

function pageOf({ name, phase, page }: Gate, lastVerdict: LastVerdict | undefined, sources: GateSources): PageDraft {
  const { build } = sources;
  const findings = openFindings(build).filter(({ gate }) => gate === name);
  const commit = lastVerdict?.commit ?? (findings.length > 0 ? build.commit : null);
  const pieces = evidenceBehind(name, lastVerdict, sources);
  const { verdict, seen } =
    lastVerdict === undefined
      ? resultWithoutVerdict({ name, phases: phase }, sources)
      : resultOfVerdict(lastVerdict, build);
  const summaries = findings.map(({ summary }) => summary).filter((summary) => !seen.includes(summary));
  return {
    ...{ name, kind: 'gate', verdict: findings.length > 0 ? 'held' : verdict, ...page },
    ran: { commit, isCurrent: commit !== null && commit === build.commit, commands: pieces.map(commandText) },
    seen: [...summaries, ...seen, ...(name === 'tests' ? pieces.flatMap(({ setup }) => setup?.says ?? []) : [])],
    digests: digestsOf(findings, { judged: lastVerdict, pieces }),
  };
}

interface PageResult {
  verdict: PageVerdict;
  seen: string[];
}

function resultOfVerdict(
  { verdict, commit }: LastVerdict,
  { approvals, commit: currentCommit }: BuildState,
): PageResult {
  const { gate, pass, reasons, notes, findings = [] } = verdict;
  const areAllApproved = findings.length > 0 && findings.every(({ digest }) => isApproved(approvals, gate, digest));
  const isOfOtherCommit = commit !== null && commit !== currentCommit;
  const seen = [
    ...(isOfOtherCommit ? [`judged on ${commit.slice(0, 12)}; the build has another commit by now`] : []),
    ...(areAllApproved ? ['a person has approved each finding of this gate'] : []),
    ...reasons,
    ...notes,
    ...(reasons.length === 0 ? ['this gate has no reason against the change'] : []),
  ];
  // Without evidence no experiment ran, so the gate passed without measuring anything.
  if (gate === 'experiments' && pass && verdict.evidence.length === 0) return { verdict: 'not_measured', seen: notes };
  return { verdict: pass || areAllApproved ? 'passed' : 'held', seen };
}

/** The state of a gate without a stored verdict: if the orchestrator's own work completed the gate's phase, the gate has passed. */
function resultWithoutVerdict(
  { name, phases }: { name: string; phases: readonly Phase[] },
  { build, outputs }: GateSources,
): PageResult {
  const completed = completedPhases(build);
  const claimedPhase = phases.find((one) => outputs[one]?.ref.source === 'claimed');
  const ownPhase = phases.find(
    (one) => completed.includes(one) && outputs[one] !== undefined && outputs[one].ref.source !== 'claimed',
  );
  const approvalNotes = build.approvals
    .filter(({ gate }) => gate === name)
    .map(({ actor }) => `${actor} has approved the finding of this gate`);
  if (ownPhase !== undefined)
    return { verdict: 'passed', seen: [...approvalNotes, `${ownPhase} has ended, and this gate did not stop it`] };
  if (claimedPhase !== undefined) {
    const by = outputs[claimedPhase]?.ref.by ?? 'a caller';
    return { verdict: 'not_measured', seen: [`an external role did ${claimedPhase}: what ${by} reports is a claim`] };
  }
  return { verdict: 'not_measured', seen: [`this gate judges in ${phases.join(', ')}, which has not ended yet`] };
}

/** The evidence behind a gate's verdict: the test run, or the type checks. */
function evidenceBehind(name: string, judged: LastVerdict | undefined, sources: GateSources): Evidence[] {
  const { outputs } = sources;
  const evidence = lastEvidence(sources);
  if (name === 'tests' || name === 'experiments') return judged !== undefined && evidence !== null ? [evidence] : [];
  if (name !== 'types' || judged?.phase === null || judged === undefined) return [];
  const content = outputs[judged.phase]?.content;
  const logs = judged.verdict.evidence;
  return evidenceOfOutput(content).filter(({ logDigest }) => logs.includes(logDigest));
}

function digestsOf(
  open: ReturnType<typeof openFindings>,
  { judged, pieces }: { judged: LastVerdict | undefined; pieces: Evidence[] },
): NonNullable<PageDraft['digests']> {
  const logs = pieces.map((piece) => ({ what: `log of ${commandText(piece).slice(0, 120)}`, digest: piece.logDigest }));
  const failureDigests = pieces.flatMap(({ failuresDigest: digest }) =>
    digest === undefined ? [] : [{ what: 'what the failing tests said', digest }],
  );
  const fetchDigests = pieces.flatMap(({ setup }) =>
    setup === undefined ? [] : [{ what: 'what set-up fetched', digest: setup.fetchedDigest }],
  );
  const otherDigests = (judged?.verdict.evidence ?? [])
    .filter((digest) => isDigest(digest) && !logs.some((log) => log.digest === digest))
    .map((digest) => ({ what: judged?.verdict.gate === 'experiments' ? 'report of all experiments' : 'log', digest }));
  return [
    ...logs,
    ...failureDigests,
    ...fetchDigests,
    ...otherDigests,
    ...open.map(({ summary, digest }) => ({ what: `to approve: ${summary}`, digest })),
  ];
}
