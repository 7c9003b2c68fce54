/**
 * The commands, and the guard that reads one from the wire (a signal, an update, a request body).
 *
 * Wire names are snake_case. Plain guards, no schema library: this room is part of the workflow bundle.
 */
import { isPhase, isRole } from '../roles';
import type { Phase, Role } from '../roles';
import { isState } from '../states';
import type { State } from '../states';

export const COMMANDS = ['advance', 'retry', 'rollback', 'cancel', 'pause', 'resume', 'answer', 'approve'] as const;
/** What a person can approve. */
export const GATES = ['tampering'] as const;
export type Gate = (typeof GATES)[number];
export type CommandName = (typeof COMMANDS)[number];

interface Common {
  actor: string;
}
export type Command = Common &
  (
    | { name: 'advance'; role: Role; completedState: State; nextState: State | null; result: PhaseResult }
    | { name: 'retry'; reason: string; role: Role | null }
    | { name: 'rollback'; targetState: Phase; reason: string }
    | { name: 'cancel'; reason: string }
    | { name: 'pause'; reason: string }
    | { name: 'resume'; reason: string }
    | { name: 'answer'; answers: Record<string, string> }
    | { name: 'approve'; gate: Gate; digest: string; reason: string }
  );

/**
 * A phase's result. `content` is null where the API has kept it in the artifact store already; given inline (by a
 * signal or the CLI) it is kept there before the next step. `excerpt` is its beginning, for those who only skim.
 */
export interface PhaseResult {
  digest: string | null;
  content: string | null;
  bytes: number;
  excerpt: string;
}

/** Largest inline phase result, in characters of JSON: longer ones go by HTTP, which keeps them in the artifact store. */
export const INLINE_LIMIT_CHARS = 16_384;
export const EXCERPT_LIMIT_CHARS = 2_000;
const TEXT_LIMIT_CHARS = 2_000;

/** A wire command that cannot be read: which field, and what it should be. */
export interface Unreadable {
  field: string;
  message: string;
}

type Wire = Record<string, unknown>;
type Reader = (wire: Wire, actor: string) => Command | Unreadable;

const READERS: Record<CommandName, { fields: readonly string[]; read: Reader }> = {
  advance: { fields: ['role', 'completed_state', 'next_state', 'phase_result', 'phase_result_ref'], read: readAdvance },
  retry: { fields: ['reason', 'role'], read: readRetry },
  rollback: { fields: ['target_state', 'reason'], read: readRollback },
  cancel: { fields: ['reason'], read: (wire, actor) => readReasoned('cancel', wire, actor) },
  pause: { fields: ['reason'], read: (wire, actor) => readReasoned('pause', wire, actor) },
  resume: { fields: ['reason'], read: (wire, actor) => readReasoned('resume', wire, actor) },
  answer: { fields: ['answers'], read: readAnswer },
  approve: { fields: ['gate', 'digest', 'reason'], read: readApprove },
};
/** Beside a command's own fields: who sends it, under which key, and the revision it was decided on. */
const META_FIELDS = ['actor', 'idempotency_key', 'body_digest', 'expected_revision'];

/** Reads a wire command; whatever is given, it answers and never throws. */
export function readCommand(name: CommandName, wire: unknown): Command | Unreadable {
  if (typeof wire !== 'object' || wire === null || Array.isArray(wire)) {
    return { field: '(input)', message: `must be a JSON object with ${READERS[name].fields.join(', ')}` };
  }
  const given = wire as Wire;
  const { fields, read } = READERS[name];
  const unknown = Object.keys(given).find((key) => !fields.includes(key) && !META_FIELDS.includes(key));
  if (unknown !== undefined) {
    return { field: clip(unknown), message: `is not a field of ${name}; its fields are ${fields.join(', ')}` };
  }
  const actor = given.actor ?? 'anonymous';
  if (typeof actor !== 'string' || actor.length === 0 || actor.length > 200) {
    return { field: 'actor', message: `must be 1 to 200 characters of text, not ${show(actor)}` };
  }
  return read(given, actor);
}

export function isUnreadable(value: Command | Unreadable): value is Unreadable {
  return 'message' in value;
}

function readAdvance(wire: Wire, actor: string): Command | Unreadable {
  const role = lower(wire.role);
  if (!isRole(role)) return { field: 'role', message: `must be a role such as "code_writer", not ${show(wire.role)}` };
  const completedState = lower(wire.completed_state);
  if (!isState(completedState)) {
    return {
      field: 'completed_state',
      message: `must be a state such as "planning", not ${show(wire.completed_state)}`,
    };
  }
  const nextState = wire.next_state == null ? null : lower(wire.next_state);
  if (nextState !== null && !isState(nextState)) {
    return { field: 'next_state', message: `must be a state or absent, not ${show(wire.next_state)}` };
  }
  const result = readResult(wire);
  if ('message' in result) return result;
  return { name: 'advance', actor, role, completedState, nextState, result };
}

function readResult(wire: Wire): PhaseResult | Unreadable {
  const ref = wire.phase_result_ref as { digest?: unknown; bytes?: unknown; excerpt?: unknown } | null | undefined;
  if (ref !== undefined) {
    const { digest, bytes, excerpt } = ref ?? {};
    const named = typeof digest === 'string' && /^sha256:[0-9a-f]{64}$/.test(digest) && typeof bytes === 'number';
    if (named && typeof excerpt === 'string' && excerpt.length <= EXCERPT_LIMIT_CHARS) {
      return { digest, bytes, excerpt, content: null };
    }
    return { field: 'phase_result_ref', message: 'must be {digest, bytes, excerpt} of an artifact' };
  }
  const result = wire.phase_result;
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    return { field: 'phase_result', message: `must be a JSON object, not ${show(result)}` };
  }
  const inline = JSON.stringify(result);
  if (inline.length > INLINE_LIMIT_CHARS) {
    return {
      field: 'phase_result',
      message: `is ${inline.length} characters; above ${INLINE_LIMIT_CHARS} use POST advance`,
    };
  }
  return { digest: null, bytes: inline.length, excerpt: inline.slice(0, EXCERPT_LIMIT_CHARS), content: inline };
}

function readRetry(wire: Wire, actor: string): Command | Unreadable {
  const reason = readText(wire, 'reason');
  if (typeof reason !== 'string') return reason;
  const role = wire.role == null ? null : lower(wire.role);
  if (role !== null && !isRole(role)) {
    return { field: 'role', message: `must be a role or absent, not ${show(wire.role)}` };
  }
  return { name: 'retry', actor, reason, role };
}

function readRollback(wire: Wire, actor: string): Command | Unreadable {
  const targetState = lower(wire.target_state);
  if (!isPhase(targetState)) {
    return { field: 'target_state', message: `must be a phase such as "planning", not ${show(wire.target_state)}` };
  }
  const reason = readText(wire, 'reason');
  return typeof reason === 'string' ? { name: 'rollback', actor, targetState, reason } : reason;
}

function readReasoned(name: 'cancel' | 'pause' | 'resume', wire: Wire, actor: string): Command | Unreadable {
  const reason = readText(wire, 'reason');
  return typeof reason === 'string' ? { name, actor, reason } : reason;
}

function readAnswer(wire: Wire, actor: string): Command | Unreadable {
  const { answers } = wire;
  if (typeof answers !== 'object' || answers === null || Array.isArray(answers)) {
    return { field: 'answers', message: `must be an object {question_id: text}, not ${show(answers)}` };
  }
  for (const id of Object.keys(answers)) {
    const text = readText(answers as Wire, id);
    if (typeof text !== 'string') return { field: `answers.${clip(id)}`, message: text.message };
  }
  return { name: 'answer', actor, answers: answers as Record<string, string> };
}

function readApprove(wire: Wire, actor: string): Command | Unreadable {
  const { digest } = wire;
  const gate = GATES.find((one) => one === wire.gate);
  if (gate === undefined) return { field: 'gate', message: `must be ${GATES.join(' or ')}, not ${show(wire.gate)}` };
  if (typeof digest !== 'string' || !/^sha256:[0-9a-f]{64}$/.test(digest))
    return { field: 'digest', message: `must be the digest of what is approved, not ${show(digest)}` };
  const reason = wire.reason == null ? '' : readText(wire, 'reason');
  return typeof reason === 'string' ? { name: 'approve', actor, gate, digest, reason } : reason;
}

function readText(wire: Wire, field: string): string | Unreadable {
  const value = wire[field];
  if (typeof value === 'string' && value.trim().length > 0 && value.length <= TEXT_LIMIT_CHARS) return value;
  return { field, message: `must be 1 to ${TEXT_LIMIT_CHARS} characters of text, not ${show(value)}` };
}

function lower(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

function show(value: unknown): string {
  return value === undefined ? 'absent' : clip(JSON.stringify(value) ?? typeof value);
}

function clip(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
