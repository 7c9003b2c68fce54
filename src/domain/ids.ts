/**
 * Makes and reads the textual names that several folders share: digests, ids, document keys, refs. No other file parses them.
 *
 * Stored data contains these forms, so they must never change.
 */
import { PHASES, isPhase } from './roles';
import type { Phase } from './roles';

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const CALL_KEY = /^([^.]+)\.([^.]+)\.([a-z]+)\.g(\d+)\.a(\d+)\.s(\d+)(?:\.r([0-9a-f]{16}))?$/;

/** A build, named by its two ids. */
export interface BuildId {
  projectId: string;
  buildId: string;
}
/**
 * A build, named together with its original start request. Everything that a repeated build may adopt is named so, since an id may
 * be used again after its workflow was deleted. Builds from before this key existed have no `requestKey`.
 */
export interface BuildLine extends BuildId {
  /** The result of `requestKeyOf`. */
  requestKey?: string | undefined;
}
/** One attempt at a phase. `turn` is the build's fencing token. */
export interface AttemptId {
  generation: number;
  attempt: number;
  turn: number;
}
/** The position of a model call; all numbers count from 1. */
export interface CallPosition {
  phase: Phase;
  generation: number;
  attempt: number;
  step: number;
}

/** True for `sha256:` followed by 64 lower-case hex digits. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

export function digestOfHex(hex: string): string {
  return `sha256:${hex}`;
}

/** Returns the hex digits of a digest; undefined for any other text. */
export function hexOf(digest: string): string | undefined {
  return DIGEST.exec(digest)?.[1];
}

/** Returns the part of a start request's digest that keys contain. */
export function requestKeyOf(digest: string): string {
  const hex = hexOf(digest);
  if (hex === undefined) throw new Error(`${JSON.stringify(digest.slice(0, 80))} is no digest.`);
  return hex.slice(0, 16);
}

/** Returns each digest in a text once. */
export function digestsInText(text: string): string[] {
  return [...new Set(text.match(/sha256:[0-9a-f]{64}/g))];
}

/** True for an id of a project or build: 1 to 64 letters, digits, `_` or `-`. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function workflowIdOf({ projectId, buildId }: BuildId): string {
  return `${projectId}.${buildId}`;
}

/** Returns null if the text is not the workflow id of a build. */
export function parseWorkflowId(text: string): BuildId | null {
  const [projectId, buildId, ...more] = text.split('.');
  return isId(projectId) && isId(buildId) && more.length === 0 ? { projectId, buildId } : null;
}

/** The key of a stored model call; each `Idempotency-Key` sent to the provider begins with it. */
export function callKeyOf(call: BuildLine & CallPosition): string {
  const { phase, generation, attempt, step } = call;
  return `${callKeyPrefix(workflowIdOf(call))}${phase}.g${generation}.a${attempt}.s${step}${lineText(call)}`;
}

/** The common beginning of the keys of all calls of a build, for any request. */
export function callKeyPrefix(workflowId: string): string {
  return `${workflowId}.`;
}

/** Returns null if the text is not the key of a call. */
export function parseCallKey(key: string): (BuildLine & CallPosition) | null {
  const [, projectId = '', buildId = '', phase, ...more] = CALL_KEY.exec(key) ?? [];
  const [generation = 0, attempt = 0, step = 0] = more.map(Number);
  return isPhase(phase) ? { projectId, buildId, requestKey: more[3], phase, generation, attempt, step } : null;
}

/** Everything that a verification depends on, including the outputs of earlier phases. */
interface VerificationInput extends BuildId {
  base: string | null;
  commit: string | null;
  locked: { digest: string } | null;
  /** Digests. */
  outputs: Partial<Record<Phase, string>>;
}

/** The text whose sha256 is the key of a `verified` document. */
export function verificationText({ projectId, buildId, base, commit, locked, outputs }: VerificationInput): string {
  const earlierOutputs = PHASES.slice(0, PHASES.indexOf('verification')).map((phase) => outputs[phase] ?? null);
  return JSON.stringify([projectId, buildId, base, commit, locked?.digest ?? null, earlierOutputs]);
}

/** The key of the Code Writer's account of one attempt. */
export function accountKeyOf(build: BuildLine, attempt: AttemptId): string {
  return `${workflowIdOf(build)}.${attemptText(attempt)}${lineText(build)}`;
}

/** The id of one release attempt: each generation, attempt and turn has its own. */
export function releaseIdOf({ buildId, requestKey, ...attempt }: Omit<BuildLine, 'projectId'> & AttemptId): string {
  return `${buildId}.${attemptText(attempt)}${lineText({ requestKey })}`;
}

/** The key of the document with the build's current turn; releases of earlier turns are void. */
export function fenceKeyOf(build: BuildLine): string {
  return `${workflowIdOf(build)}${lineText(build)}`;
}

/** The build's branch in the project's own repository, below `refs/heads/`. */
export function branchNameOf(build: Omit<BuildLine, 'projectId'>): string {
  return `builds/${lineNameOf(build)}`;
}

/** The last part of the names of all refs of the build. */
export function lineNameOf({ buildId, requestKey }: Omit<BuildLine, 'projectId'>): string {
  return requestKey === undefined ? buildId : `${buildId}.${requestKey}`;
}

/** The key of a project's document about one release, by its number, its id, or the released commit. */
export function releaseKeyOf(projectId: string, release: number | string): string {
  return `${projectId}.${release}`;
}

/** The ref that keeps a generation's last commit reachable after a rollback. */
export function parkedRefOf(build: Omit<BuildLine, 'projectId'>, generation: number): string {
  return `refs/parked/${lineNameOf(build)}/g${generation}`;
}

/** The ref for a commit that an attempt published after its turn was over. */
export function abandonedRefOf(build: Omit<BuildLine, 'projectId'>, turn: number): string {
  return `refs/parked/${lineNameOf(build)}/abandoned-t${turn}`;
}

function lineText({ requestKey }: Pick<BuildLine, 'requestKey'>): string {
  return requestKey === undefined ? '' : `.r${requestKey}`;
}

function attemptText({ generation, attempt, turn }: AttemptId): string {
  return `g${generation}.a${attempt}.t${turn}`;
}
