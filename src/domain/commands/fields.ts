/**
 * The readers of command fields: each turns one wire value into a typed value, or says what the field must be.
 *
 * Type guards instead of a schema library, because the workflow bundle includes this folder. A reader never throws.
 */
import { isDigest } from '../ids';
import { PHASES, ROLES } from '../roles';
import { STATES } from '../states';
import { describeHalfCharacter, findHalfCharacter } from '../text';

export type Wire = Readonly<Record<string, unknown>>;

/** The problem with a message that cannot be read: the field, and what it must be. */
export interface Unreadable {
  kind: 'unreadable';
  field: string;
  message: string;
}
export type Reading<T> = { kind: 'value'; value: T } | Unreadable;

/** An unread field, with the message that contains it and the message's actor. */
export interface RawField {
  field: string;
  value: unknown;
  wire: Wire;
  actor: string;
}

export interface Field<T> {
  read(field: RawField): Reading<T>;
  readonly isOptional?: boolean;
  /** The value is a name, which is read in any letter case. The canonical body, whose digest the API makes, has it in lower case. */
  readonly isName?: boolean;
  /** The member that gives the content by digest instead. Only the API sets it, after it has stored the content. */
  readonly refMember?: string;
}
export type Fields = Readonly<Record<string, Field<unknown>>>;
export type ValuesOf<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never };

const TEXT_LIMIT_CHARS = 2_000;
const SHOWN_CHARS = 60;

export const text: Field<string> = {
  read({ field, value }) {
    if (typeof value === 'string' && value.trim().length > 0 && value.length <= TEXT_LIMIT_CHARS) return readAs(value);
    return unreadable(field, `must be 1 to ${TEXT_LIMIT_CHARS} characters of text, not ${show(value)}`);
  },
};

/** Reads one of the given names. `what` describes them in the error message. */
export function oneOf<const T extends string>(names: readonly T[], what: string): Field<T> {
  return {
    isName: true,
    read({ field, value }) {
      const name = names.find((one) => one === lowerCase(value));
      return name === undefined ? unreadable(field, `must be ${what}, not ${show(value)}`) : readAs(name);
    },
  };
}

export const role = oneOf(ROLES, 'a role such as "code_writer"');
export const optionalRole = optional(oneOf(ROLES, 'a role or absent'), () => null);
export const state = oneOf(STATES, 'a state such as "planning"');
export const optionalState = optional(oneOf(STATES, 'a state or absent'), () => null);
export const phase = oneOf(PHASES, 'a phase such as "planning"');

/** `what` describes in the error message what the digest is of. */
export function digest(what: string): Field<string> {
  return {
    read: ({ field, value }) =>
      isDigest(value) ? readAs(value) : unreadable(field, `must be the digest of ${what}, not ${show(value)}`),
  };
}

/** Makes a field optional: if it is absent or null, `makeDefault` gives its value. */
export function optional<T, A>(field: Field<T>, makeDefault: (actor: string) => A): Field<T | A> {
  return {
    ...field,
    isOptional: true,
    read: (rawField) => (rawField.value == null ? readAs(makeDefault(rawField.actor)) : field.read(rawField)),
  };
}

export function readAs<T>(value: T): Reading<T> {
  return { kind: 'value', value };
}

export function unreadable(field: string, message: string): Unreadable {
  return { kind: 'unreadable', field, message };
}

/** Rejects a message with a lone surrogate, which JSON can write and UTF-8 cannot. */
export function halfCharacterProblem(wire: unknown): Unreadable | null {
  const halfCharacter = findHalfCharacter(wire);
  return halfCharacter === undefined
    ? null
    : unreadable(clip(halfCharacter.path.join('.')) || '(input)', describeHalfCharacter(halfCharacter));
}

export function lowerCase(value: unknown): unknown {
  return typeof value === 'string' ? value.toLowerCase() : value;
}

/** Shows the beginning of a value in an error message, since messages are kept in histories and audit trails. */
export function show(value: unknown): string {
  return value === undefined ? 'absent' : clip(JSON.stringify(value) ?? typeof value);
}

export function clip(text: string): string {
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
