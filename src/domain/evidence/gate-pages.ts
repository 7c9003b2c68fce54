/**
 * Pages of the gates: the verdict of each, where it stands, what it saw, and what helps.
 *
 * Verdicts come from the tables that testing and verification keep, from the build itself where that is what a gate judges, and
 * from the open findings. What a role outside only claims is no verdict. Pure.
 */
import type { BuildState, OutputRef } from '../build/state';
import { openFindings } from '../build/state';
import { completedPhases } from '../build/view';
import { isApproved } from '../findings';
import { GATES, judgeAll } from '../gates';
import type { Gate, GateVerdict } from '../gates/gate';
import { verdictOf } from '../gates/gate';
import { isDigest } from '../ids';
import { firstMember, isObject } from '../json';
import type { Phase } from '../roles';
import { evidenceOfOutput } from '../record/evidence';
import type { Evidence } from './evidence';
import { commandText } from './named';
import type { PageDraft, PageVerdict } from './page';

/** The last output of a phase as it is kept; undefined where it is no longer there. */
export interface KeptOutput {
  ref: OutputRef;
  content: unknown;
}
export interface GateSources {
  build: BuildState;
  outputs: Partial<Record<Phase, KeptOutput>>;
  /** The table of verification for exactly this build, where all gates let it pass. */
  verified: GateVerdict[];
}

/** What a gate said last, and of which commit. */
interface Judged {
  verdict: GateVerdict;
  commit: string | null;
  phase: Phase | null;
}

/** What was measured last: on this commit, or on the one that was sent back. */
export function lastEvidence({ build, outputs }: Pick<GateSources, 'build' | 'outputs'>): Evidence | null {
  if (build.evidence !== null) return build.evidence;
  const own = [outputs.testing, outputs.verification].filter(
    (one) => one !== undefined && one.ref.source !== 'claimed',
  );
  const pieces = own.flatMap((one) => evidenceOfOutput(one?.content)).filter(({ kind }) => kind === 'tests');
  return pieces.sort((a, b) => (a.at < b.at ? -1 : 1)).at(-1) ?? null;
}

export function gatePages(sources: GateSources): PageDraft[] {
  const judged = [...judgedNow(sources), ...judgedBefore(sources)];
  return (GATES as readonly Gate[]).map((gate) =>
    pageOf(
      gate,
      judged.find(({ verdict }) => verdict.gate === gate.name),
      sources,
    ),
  );
}

/** Gates over the build and its evidence are asked again: they are pure, and approvals count at once. */
function judgedNow(sources: GateSources): Judged[] {
  const { build } = sources;
  const { coverageFloorPercent, release, approvals, state } = build;
  const evidence = lastEvidence(sources);
  // What was sent back is judged as it was when it was measured.
  const isCurrent = evidence === null || evidence.commit === build.commit;
  const commit = isCurrent ? build.commit : evidence.commit;
  const lockedDigest = (isCurrent ? build.locked?.digest : evidence.integrity?.lockedDigest) ?? null;
  const facts = { evidence, commit: commit ?? '', lockedDigest, coverageFloorPercent, release };
  const asked = [
    ...judgeAll('state', facts),
    ...(evidence?.experiments === undefined ? [] : judgeAll('experiments', { evidence, approvals, phase: 'testing' })),
  ];
  const isAsked: Record<string, boolean> = {
    commit: build.commit !== null,
    tests: evidence !== null,
    live: release !== null || (state === 'error' && build.failure.phase === 'deployment'),
  };
  return asked
    .filter(({ gate }) => isAsked[gate] ?? true)
    .map(({ gate, ...said }) => ({ verdict: verdictOf(gate, said), commit, phase: null }));
}

/** The tables that were kept, the latest phase first. */
function judgedBefore({ build, outputs, verified }: GateSources): Judged[] {
  const now = verified.map((verdict): Judged => ({ verdict, commit: build.commit, phase: 'verification' }));
  const kept = (['verification', 'testing'] as const).flatMap((phase) => {
    const output = outputs[phase];
    if (output === undefined || output.ref.source === 'claimed') return [];
    const commit = commitOf(output.content);
    return verdictsIn(output.content).map((verdict): Judged => ({ verdict, commit, phase }));
  });
  // A table of another commit speaks only where none speaks of this one.
  const all = [...now, ...kept];
  return [
    ...all.filter(({ commit }) => commit === build.commit),
    ...all.filter(({ commit }) => commit !== build.commit),
  ];
}

function commitOf(output: unknown): string | null {
  const said = firstMember(output, 'commit');
  return typeof said === 'string' ? said : (evidenceOfOutput(output).at(-1)?.commit ?? null);
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

function pageOf({ name, phase, page }: Gate, judged: Judged | undefined, sources: GateSources): PageDraft {
  const { build } = sources;
  const open = openFindings(build).filter(({ gate }) => gate === name);
  const commit = judged?.commit ?? (open.length > 0 ? build.commit : null);
  const pieces = piecesOf(name, judged, sources);
  const { verdict, seen } = judged === undefined ? unjudged({ name, phase }, sources) : toldBy(judged, build);
  const found = open.map(({ summary }) => summary).filter((summary) => !seen.includes(summary));
  return {
    ...{ name, kind: 'gate', verdict: open.length > 0 ? 'held' : verdict, ...page },
    ran: { commit, isCurrent: commit !== null && commit === build.commit, commands: pieces.map(commandText) },
    seen: [...found, ...seen, ...(name === 'tests' ? pieces.flatMap(({ setup }) => setup?.says ?? []) : [])],
    digests: digestsOf(open, { judged, pieces }),
  };
}

interface Told {
  verdict: PageVerdict;
  seen: string[];
}

function toldBy({ verdict, commit }: Judged, { approvals, commit: now }: BuildState): Told {
  const { gate, pass, reasons, notes, findings = [] } = verdict;
  const isLifted = findings.length > 0 && findings.every(({ digest }) => isApproved(approvals, gate, digest));
  const isOlder = commit !== null && commit !== now;
  const seen = [
    ...(isOlder ? [`judged on ${commit.slice(0, 12)}; the build has another commit by now`] : []),
    ...(isLifted ? ['a person has approved what was found'] : []),
    ...reasons,
    ...notes,
    ...(reasons.length === 0 ? ['nothing speaks against the change'] : []),
  ];
  // Nothing was asked where the only word is that nothing was made.
  if (gate === 'experiments' && pass && verdict.evidence.length === 0) return { verdict: 'not_measured', seen: notes };
  return { verdict: pass || isLifted ? 'passed' : 'held', seen };
}

/** Without a table: a gate holds its phase, so a phase that our own work has passed shows that it let it pass. */
function unjudged({ name, phase }: Pick<Gate, 'name' | 'phase'>, { build, outputs }: GateSources): Told {
  const passed = completedPhases(build);
  const claimed = phase.find((one) => outputs[one]?.ref.source === 'claimed');
  const own = phase.find(
    (one) => passed.includes(one) && outputs[one] !== undefined && outputs[one].ref.source !== 'claimed',
  );
  const approved = build.approvals
    .filter(({ gate }) => gate === name)
    .map(({ actor }) => `${actor} has approved what it found`);
  if (own !== undefined)
    return { verdict: 'passed', seen: [...approved, `${own} has ended, and this gate held nothing`] };
  if (claimed !== undefined) {
    const by = outputs[claimed]?.ref.by ?? 'a caller';
    return { verdict: 'not_measured', seen: [`${claimed} was done outside: what ${by} says of it is a claim`] };
  }
  return { verdict: 'not_measured', seen: [`it judges in ${phase.join(', ')}, which has not ended yet`] };
}

/** What ran for it: the test run, or the checks of the code. */
function piecesOf(name: string, judged: Judged | undefined, sources: GateSources): Evidence[] {
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
  { judged, pieces }: { judged: Judged | undefined; pieces: Evidence[] },
): NonNullable<PageDraft['digests']> {
  const logs = pieces.map((piece) => ({ what: `log of ${commandText(piece).slice(0, 120)}`, digest: piece.logDigest }));
  const said = pieces.flatMap(({ failuresDigest: digest }) =>
    digest === undefined ? [] : [{ what: 'what the failing tests said', digest }],
  );
  const fetched = pieces.flatMap(({ setup }) =>
    setup === undefined ? [] : [{ what: 'what set-up fetched', digest: setup.fetchedDigest }],
  );
  const others = (judged?.verdict.evidence ?? [])
    .filter((digest) => isDigest(digest) && !logs.some((log) => log.digest === digest))
    .map((digest) => ({ what: judged?.verdict.gate === 'experiments' ? 'report of all experiments' : 'log', digest }));
  return [
    ...logs,
    ...said,
    ...fetched,
    ...others,
    ...open.map(({ summary, digest }) => ({ what: `to approve: ${summary}`, digest })),
  ];
}
