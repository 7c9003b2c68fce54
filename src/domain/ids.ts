/**
 * Names that several rooms exchange as text: digests, ids, keys of documents, refs. Each form is made and read here only.
 *
 * Stored data holds these forms, so they never change.
 */
import { PHASES, isPhase } from './roles';
import type { Phase } from './roles';

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const CALL_KEY = /^([^.]+)\.([^.]+)\.([a-z]+)\.g(\d+)\.a(\d+)\.s(\d+)(?:\.r([0-9a-f]{16}))?$/;

/** A build as its two ids name it. */
export interface BuildId {
  projectId: string;
  buildId: string;
}
/**
 * A build as everything names it that it adopts when it is done again: with the request that it was started with, since an id
 * may be used again after its workflow was deleted. Absent in builds that were begun before it was part of the keys.
 */
export interface BuildLine extends BuildId {
  /** Made by `requestKeyOf`. */
  requestKey?: string | undefined;
}
/** One attempt at a phase; `turn` is the build's fencing token. */
export interface AttemptId {
  generation: number;
  attempt: number;
  turn: number;
}
/** One model call: counts from 1. */
export interface CallPosition {
  phase: Phase;
  generation: number;
  attempt: number;
  step: number;
}

/** `sha256:` and 64 lower-case hex digits. */
export function isDigest(value: unknown): value is string {
  return typeof value === 'string' && DIGEST.test(value);
}

export function digestOfHex(hex: string): string {
  return `sha256:${hex}`;
}

/** The hex digits of a digest; undefined for anything else. */
export function hexOf(digest: string): string | undefined {
  return DIGEST.exec(digest)?.[1];
}

/** The part of a start request's digest that stands in keys. */
export function requestKeyOf(digest: string): string {
  const hex = hexOf(digest);
  if (hex === undefined) throw new Error(`${JSON.stringify(digest.slice(0, 80))} is no digest.`);
  return hex.slice(0, 16);
}

/** Every digest that a text holds, each once. */
export function digestsInText(text: string): string[] {
  return [...new Set(text.match(/sha256:[0-9a-f]{64}/g))];
}

/** The id of a project or a build: 1 to 64 letters, digits, `_` or `-`. */
export function isId(value: unknown): value is string {
  return typeof value === 'string' && ID.test(value);
}

export function workflowIdOf({ projectId, buildId }: BuildId): string {
  return `${projectId}.${buildId}`;
}

/** Null for what is no workflow id of a build. */
export function parseWorkflowId(text: string): BuildId | null {
  const [projectId, buildId, ...more] = text.split('.');
  return isId(projectId) && isId(buildId) && more.length === 0 ? { projectId, buildId } : null;
}

/** Key of a kept model call, and the beginning of each `Idempotency-Key` that the provider gets for it. */
export function callKeyOf(call: BuildLine & CallPosition): string {
  const { phase, generation, attempt, step } = call;
  return `${callKeysBegin(workflowIdOf(call))}${phase}.g${generation}.a${attempt}.s${step}${lineText(call)}`;
}

/** What the keys of all calls of a build begin with, whatever its request. */
export function callKeysBegin(workflowId: string): string {
  return `${workflowId}.`;
}

/** Null for what is no key of a call. */
export function parseCallKey(key: string): (BuildLine & CallPosition) | null {
  const [, projectId = '', buildId = '', phase, ...more] = CALL_KEY.exec(key) ?? [];
  const [generation = 0, attempt = 0, step = 0] = more.map(Number);
  return isPhase(phase) ? { projectId, buildId, requestKey: more[3], phase, generation, attempt, step } : null;
}

/** What a verification judges, down to the outputs that it was judged by. */
interface Judged extends BuildId {
  base: string | null;
  commit: string | null;
  locked: { digest: string } | null;
  /** Digests. */
  outputs: Partial<Record<Phase, string>>;
}

/** The text whose sha256 is the key of a `verified` document. */
export function judgedText({ projectId, buildId, base, commit, locked, outputs }: Judged): string {
  const before = PHASES.slice(0, PHASES.indexOf('verification')).map((phase) => outputs[phase] ?? null);
  return JSON.stringify([projectId, buildId, base, commit, locked?.digest ?? null, before]);
}

/** Key of the Code Writer's account of one attempt. */
export function accountKeyOf(build: BuildLine, attempt: AttemptId): string {
  return `${workflowIdOf(build)}.${attemptText(attempt)}${lineText(build)}`;
}

/** Names one try to go live; a try of another generation, attempt or turn is another release. */
export function releaseIdOf({ buildId, requestKey, ...attempt }: Omit<BuildLine, 'projectId'> & AttemptId): string {
  return `${buildId}.${attemptText(attempt)}${lineText({ requestKey })}`;
}

/** Key of the turn before which releases of a build are void. */
export function fenceKeyOf(build: BuildLine): string {
  return `${workflowIdOf(build)}${lineText(build)}`;
}

/** Below `refs/heads/`: the branch of the build in the project's own repository. */
export function branchNameOf(build: Omit<BuildLine, 'projectId'>): string {
  return `builds/${lineNameOf(build)}`;
}

/** The last part of the refs that belong to the build. */
export function lineNameOf({ buildId, requestKey }: Omit<BuildLine, 'projectId'>): string {
  return requestKey === undefined ? buildId : `${buildId}.${requestKey}`;
}

/** Key of a project's document about one release: by its number, by its id, or by the commit that went live. */
export function releaseKeyOf(projectId: string, release: number | string): string {
  return `${projectId}.${release}`;
}

/** Where the line of work of a generation stays reachable after a rollback. */
export function parkedRefOf(build: Omit<BuildLine, 'projectId'>, generation: number): string {
  return `refs/parked/${lineNameOf(build)}/g${generation}`;
}

/** What an attempt published after its turn was over. */
export function abandonedRefOf(build: Omit<BuildLine, 'projectId'>, turn: number): string {
  return `refs/parked/${lineNameOf(build)}/abandoned-t${turn}`;
}

function lineText({ requestKey }: Pick<BuildLine, 'requestKey'>): string {
  return requestKey === undefined ? '' : `.r${requestKey}`;
}

function attemptText({ generation, attempt, turn }: AttemptId): string {
  return `g${generation}.a${attempt}.t${turn}`;
}
