/**
 * Names that several rooms exchange as text: digests, ids, keys of documents, refs. Each form is made and read here only.
 *
 * Stored data holds these forms, so they never change.
 */
import { PHASES, isPhase } from './roles';
import type { Phase } from './roles';

const DIGEST = /^sha256:([0-9a-f]{64})$/;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const CALL_KEY = /^([^.]+)\.([^.]+)\.([a-z]+)\.g(\d+)\.a(\d+)\.s(\d+)$/;

/** A build as its two ids name it. */
export interface BuildId {
  projectId: string;
  buildId: string;
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

/** Key of a kept model call, and the `Idempotency-Key` that the provider gets. */
export function callKeyOf(call: BuildId & CallPosition): string {
  const { phase, generation, attempt, step } = call;
  return `${callKeysBegin(workflowIdOf(call))}${phase}.g${generation}.a${attempt}.s${step}`;
}

/** What the keys of all calls of a build begin with. */
export function callKeysBegin(workflowId: string): string {
  return `${workflowId}.`;
}

/** Null for what is no key of a call. */
export function parseCallKey(key: string): (BuildId & CallPosition) | null {
  const [, projectId = '', buildId = '', phase, ...numbers] = CALL_KEY.exec(key) ?? [];
  const [generation = 0, attempt = 0, step = 0] = numbers.map(Number);
  return isPhase(phase) ? { projectId, buildId, phase, generation, attempt, step } : null;
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
export function accountKeyOf(workflowId: string, attempt: AttemptId): string {
  return `${workflowId}.${attemptText(attempt)}`;
}

/** Names one try to go live; a try of another generation, attempt or turn is another release. */
export function releaseIdOf({ buildId, ...attempt }: Pick<BuildId, 'buildId'> & AttemptId): string {
  return `${buildId}.${attemptText(attempt)}`;
}

/** Key of a project's document about one release: by its number, by its id, or by the commit that went live. */
export function releaseKeyOf(projectId: string, release: number | string): string {
  return `${projectId}.${release}`;
}

/** Where the line of work of a generation stays reachable after a rollback. */
export function parkedRefOf(buildId: string, generation: number): string {
  return `refs/parked/${buildId}/g${generation}`;
}

/** What an attempt published after its turn was over. */
export function abandonedRefOf(buildId: string, turn: number): string {
  return `refs/parked/${buildId}/abandoned-t${turn}`;
}

function attemptText({ generation, attempt, turn }: AttemptId): string {
  return `g${generation}.a${attempt}.t${turn}`;
}
