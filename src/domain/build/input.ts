/**
 * Validates the input of a build workflow: a start request, or the whole state of a build after continue-as-new.
 *
 * Any Temporal client can start this workflow with any input. A missing or wrong member would throw inside a workflow task, and
 * Temporal would repeat that task forever. So all members that the workflow reads are checked first.
 */
import { isDigest, isId } from '../ids';
import { isObject } from '../json';
import { aTarget } from '../notices/notice';
import { GATES_SHAPE, GATE_KINDS, QUESTION_POLICY_SHAPE } from '../people/policy';
import { PHASES, ROLES, isRoleMode } from '../roles';
import type { Phase, Role } from '../roles';
import {
  aCount,
  aFlag,
  aNumber,
  aScalar,
  aText,
  aTime,
  allOf,
  listOf,
  mapOf,
  objectOf,
  oneOf,
  orAbsent,
  orNull,
  checkedBy,
} from '../shape';
import type { Shape } from '../shape';
import { STATES } from '../states';
import { BUDGET, BUDGET_GATE, FORECAST, STEP_AT, SPEND_ENTRY } from './money-input';
import { RUNGS } from '../stuck/ladder';
import type { BuildFacts, Standing, Workspace } from './state';
import type { BuildStart } from './start';

const anId = checkedBy('1 to 64 letters, digits, "_" or "-"', isId);
const aDigest = checkedBy('a digest such as "sha256:…"', isDigest);
const aPhase = oneOf(PHASES);
const aState = oneOf(STATES);
const eachPhase = objectOf(Object.fromEntries(PHASES.map((phase) => [phase, aNumber])) as Record<Phase, Shape>);
/** An object whose keys are phases, not necessarily all of them, and whose values all have one shape. */
const byPhase = (shape: Shape): Shape => allOf(mapOf(shape), onlyPhaseKeys);
const onlyPhaseKeys: Shape = (value, at) => {
  const unknownKey = Object.keys(value as object).find((name) => !(PHASES as readonly string[]).includes(name));
  return unknownKey === undefined ? null : `${at}.${unknownKey.slice(0, 60)} is no phase`;
};

const START = {
  projectId: anId,
  buildId: anId,
  userId: aText,
  gates: orAbsent(GATES_SHAPE),
  questionPolicy: orAbsent(QUESTION_POLICY_SHAPE),
  startedBy: orAbsent(objectOf({ actor: aText, remark: orAbsent(aText) })),
  title: aText,
  request: aDigest,
  requestKey: orAbsent(aText),
  resultBranch: orAbsent(aText),
  looksFirst: orAbsent(oneOf([true])),
  roles: objectOf(
    Object.fromEntries(ROLES.map((role) => [role, checkedBy('"llm" or "external"', isRoleMode)])) as Record<
      Role,
      Shape
    >,
  ),
  retriesPerPhase: aCount,
  coverageFloorPercent: orAbsent(aNumber),
  budget: orAbsent(BUDGET),
  notify: orAbsent(listOf(aTarget)),
  priority: orAbsent(aCount),
  stuckAfter: orAbsent(aCount),
  createdAt: aTime,
} satisfies Record<keyof BuildStart, Shape>;

const OUTPUT = objectOf({ digest: aText, bytes: aNumber, source: aText, by: aText, at: aText });
const EVENT = objectOf({ type: aText, actor: aText, at: aText, data: mapOf(orNull(aScalar)) });
const DECISION = objectOf({ gate: aText, digest: aText, actor: aText, at: aText });
const REJECTION = allOf(DECISION, objectOf({ reason: aText }));
const FINDING = objectOf({
  ...{ gate: aText, digest: aText, summary: aText, mender: aText, onApprove: aPhase, onReject: orNull(aPhase) },
  ...{ at: aText, isManual: orAbsent(oneOf([true])) },
});
const LOCKED = objectOf({ digest: aText, files: mapOf(aText), obsolete: orAbsent(listOf(objectOf({}))) });
const EVIDENCE = objectOf({
  ...{ kind: aText, command: listOf(aText), commit: aText, exitCode: orNull(aNumber), timedOut: aFlag },
  counts: orNull(objectOf({ total: aNumber, passed: aNumber, failed: aNumber, skipped: aNumber })),
  ...{ coveragePercent: orAbsent(orNull(aNumber)), integrity: orAbsent(orNull(objectOf({}))), logDigest: aText },
  ...{ failing: orAbsent(listOf(aText)), at: aText, failuresDigest: orAbsent(aText) },
});
const USAGE = objectOf({
  ...{ calls: aNumber, inputTokens: aNumber, outputTokens: aNumber },
  ...{ cachedInputTokens: orAbsent(aNumber), unknownCalls: orAbsent(aNumber) },
});
const AMOUNTS = objectOf({ microUsd: aNumber, tokens: aNumber, calls: aNumber });
const STUCK = objectOf({
  signs: listOf(objectOf({ kind: aText, digest: aText, says: aText, times: aCount })),
  ...{ recent: listOf(aText), taken: listOf(oneOf(RUNGS)), stronger: orNull(oneOf(ROLES)) },
  rung: orNull(
    objectOf({
      ...{ name: oneOf(RUNGS), target: aPhase, phase: aPhase, because: listOf(aText) },
      ...{ forecast: AMOUNTS, before: AMOUNTS },
    }),
  ),
  ...{ costs: byPhase(AMOUNTS), call: AMOUNTS, mark: AMOUNTS },
});
/** Checkpoints of older builds lack some of these members; a rollback works without them. */
const CHECKPOINT = objectOf({
  ...{ commit: orAbsent(orNull(aText)), outputs: orAbsent(byPhase(OUTPUT)), evidence: orAbsent(orNull(EVIDENCE)) },
  ...{ answers: orAbsent(mapOf(aText)), locked: orAbsent(orNull(LOCKED)), approvals: orAbsent(listOf(DECISION)) },
  ...{ findings: orAbsent(listOf(FINDING)), spent: orAbsent(USAGE), at: aText },
});
const QUESTION = objectOf({
  ...{ id: aText, text: aText, optional: orAbsent(oneOf([true])), assumption: orAbsent(aText) },
  ...{ askedBy: orAbsent(aText), phase: orAbsent(aPhase) },
});
const ANSWER = objectOf({
  ...{ previousState: aState, newState: aState, revision: aNumber, actor: aText, at: aText },
  isTold: orAbsent(oneOf([true])),
});
const HANDOFF = objectOf({
  ...{ fromRole: orNull(oneOf(ROLES)), toRole: orNull(oneOf(ROLES)), fromState: aState, toState: aState },
  ...{ at: aText, notes: aText, data: orNull(OUTPUT) },
});
const FAILURE = objectOf({
  ...{ type: aText, message: aText, phase: aPhase, continuesWith: orAbsent(aPhase), reached: orAbsent(aPhase) },
  ...{ at: aText, isBeforeWork: orAbsent(oneOf([true])), detailsDigest: orAbsent(aText) },
});

const FACTS = {
  ...START,
  ...{ revision: aCount, turn: aCount, generation: aCount, attempts: eachPhase, redone: eachPhase },
  ...{ outputs: byPhase(OUTPUT), unsaved: mapOf(aText), feedback: listOf(aText), failing: orAbsent(orNull(aText)) },
  ...{ checkpoints: byPhase(CHECKPOINT), evidence: orNull(EVIDENCE) },
  survey: orAbsent(orNull(objectOf({ digest: aText, bytes: aNumber, summary: objectOf({ status: aText }) }))),
  formerRequests: orAbsent(listOf(objectOf({ digest: aText }))),
  ...{ locked: orNull(LOCKED), approvals: listOf(DECISION), rejections: orAbsent(listOf(REJECTION)) },
  findings: orAbsent(listOf(FINDING)),
  approvalGate: orAbsent(
    objectOf({
      ...{ kind: oneOf(GATE_KINDS), opening: aCount, judged: aText, digest: aText, previousDigest: orAbsent(aText) },
      commit: orAbsent(aText),
      ...{ openedAt: aTime, fired: listOf(aText) },
    }),
  ),
  lastPages: orAbsent(mapOf(objectOf({ digest: aText }))),
  ...{ gateOpenings: orAbsent(aCount), passedGates: orAbsent(mapOf(objectOf({ judged: aText, digest: aText }))) },
  delegations: orAbsent(listOf(objectOf({ kind: oneOf(GATE_KINDS), from: aText, to: aText, at: aTime }))),
  release: orNull(objectOf({ number: aCount, id: aText, commit: aText, folder: aText, version: aText, smoke: aText })),
  result: orAbsent(objectOf({ branch: aText, commit: aText, place: orNull(aText), reason: orNull(aText) })),
  questionRound: orAbsent(objectOf({ openedAt: aTime, fired: listOf(aText) })),
  conversation: orAbsent(
    listOf(
      objectOf({
        ...{ id: aText, question: aText, askedBy: aText, phase: aPhase, answer: aText, by: aText, at: aTime },
      }),
    ),
  ),
  assumptions: orAbsent(listOf(objectOf({ id: aText, text: aText, assumption: aText, phase: aPhase }))),
  ...{ questions: listOf(QUESTION), answers: mapOf(aText), paused: aFlag },
  ...{ adoptsInTurn: orAbsent(aCount), usage: USAGE, stuck: orAbsent(STUCK) },
  notes: orAbsent(listOf(objectOf({ text: aText, by: aText, at: aTime }))),
  ...{ spend: orAbsent(listOf(SPEND_ENTRY)), uncountedCalls: orAbsent(listOf(aText)), workedMs: orAbsent(aCount) },
  ...{ budgetGate: orAbsent(BUDGET_GATE), stepAt: orAbsent(STEP_AT), forecast: orAbsent(FORECAST) },
  grant: orAbsent(objectOf({ epoch: aCount, isOpen: aFlag })),
  waiting: orAbsent(objectOf({ until: aTime, because: aText, turn: aCount })),
  owed: objectOf({ undoRelease: aFlag, restoreTree: aFlag, releaseHanded: orAbsent(oneOf([true])) }),
  ...{ notReleased: orAbsent(aText), failures: byPhase(aCount), handoffs: listOf(HANDOFF), events: listOf(EVENT) },
  archive: orAbsent(orNull(objectOf({ digest: aText, events: aCount, handoffs: aCount }))),
  ...{ refused: aCount, updatedAt: aTime, seen: mapOf(objectOf({ digest: aText, answer: ANSWER })) },
} satisfies Record<keyof BuildFacts, Shape>;

const STANDING = {
  state: aState,
  failure: orNull(FAILURE),
  cancelled: aFlag,
  completedAt: orNull(aTime),
} satisfies Record<keyof Standing, Shape>;
const WORKSPACE = { base: orNull(aText), commit: orNull(aText) } satisfies Record<keyof Workspace, Shape>;

/** Checks members that depend on each other. */
const isConsistent: Shape = (value) => {
  const { state, failure, cancelled, completedAt, base, commit } = value as Record<string, unknown>;
  if ((state === 'error') !== (failure !== null)) return `failure must stand beside state "error", and only there`;
  if ((cancelled === true || state === 'complete') !== (completedAt !== null))
    return 'completedAt must stand in a build that has ended, and only there';
  return (base === null) === (commit === null) ? null : 'base and commit must both be there, or neither';
};

const aStart = objectOf(START);
const aBuild = allOf(objectOf({ ...FACTS, ...STANDING, ...WORKSPACE }), isConsistent);

/** Returns the problem with a workflow input, or null for a valid `{start}` or `{resumed}`. */
export function buildInputProblem(input: unknown): string | null {
  if (!isObject(input)) return 'the input must be an object with start or resumed';
  return Object.hasOwn(input, 'start') ? aStart(input.start, 'start') : aBuild(input.resumed, 'resumed');
}
