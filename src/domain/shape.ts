/**
 * Shapes: functions that check JSON values from outside a workflow. Each returns the problem with a value, and never throws.
 *
 * Type guards instead of a schema library, because the workflow bundle includes this folder. Unknown members are accepted, so that
 * an older worker can continue with the state of a newer one.
 */
import { isObject } from './json';

/** Returns null for a valid value, else one sentence that begins with `at`, the name of the member. */
export type Shape = (value: unknown, at: string) => string | null;

const SHOWN_CHARS = 60;

/** Accepts a value that passes `holds`; `what` describes in the message what the value must be. */
export function checkedBy(what: string, holds: (value: unknown) => boolean): Shape {
  return (value, at) => (holds(value) ? null : `${at} must be ${what}, not ${describeValue(value)}`);
}

export const aText = checkedBy('text', (value) => typeof value === 'string');
export const aFlag = checkedBy('true or false', (value) => typeof value === 'boolean');
export const aCount = checkedBy(
  'a whole number from 0 on',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
);
export const aNumber = checkedBy('a number', (value) => typeof value === 'number' && Number.isFinite(value));
export const aScalar = checkedBy('text, a number, true, false or null', (value) => typeof value !== 'object');
export const aTime = checkedBy(
  'a time in ISO 8601',
  (value) => typeof value === 'string' && !Number.isNaN(Date.parse(value)),
);

export function oneOf(values: readonly unknown[]): Shape {
  return checkedBy(`one of ${values.map(String).join(', ')}`, (value) => values.includes(value));
}

export function orNull(shape: Shape): Shape {
  return (value, at) => (value === null ? null : shape(value, at));
}

/** Accepts an absent member. */
export function orAbsent(shape: Shape): Shape {
  return (value, at) => (value === undefined ? null : shape(value, at));
}

export function listOf(shape: Shape): Shape {
  return (value, at) =>
    Array.isArray(value)
      ? firstProblem(
          value.map((one, index) => [one, `${at}[${index}]`]),
          shape,
        )
      : `${at} must be a list, not ${describeValue(value)}`;
}

/** Accepts an object with any member names whose values all have one shape. */
export function mapOf(shape: Shape): Shape {
  return (value, at) =>
    isObject(value)
      ? firstProblem(
          Object.entries(value).map(([name, one]) => [one, `${at}.${name.slice(0, SHOWN_CHARS)}`]),
          shape,
        )
      : `${at} must be an object, not ${describeValue(value)}`;
}

export function objectOf(members: Readonly<Record<string, Shape>>): Shape {
  return (value, at) => {
    if (!isObject(value)) return `${at} must be an object, not ${describeValue(value)}`;
    for (const [name, shape] of Object.entries(members)) {
      const problem = shape(Object.hasOwn(value, name) ? value[name] : undefined, at === '' ? name : `${at}.${name}`);
      if (problem !== null) return problem;
    }
    return null;
  };
}

/** Checks all shapes, and returns the first problem. */
export function allOf(...shapes: readonly Shape[]): Shape {
  return (value, at) => {
    for (const shape of shapes) {
      const problem = shape(value, at);
      if (problem !== null) return problem;
    }
    return null;
  };
}

function firstProblem(values: Array<[unknown, string]>, shape: Shape): string | null {
  for (const [value, at] of values) {
    const problem = shape(value, at);
    if (problem !== null) return problem;
  }
  return null;
}

function describeValue(value: unknown): string {
  if (value === undefined) return 'absent';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return String(JSON.stringify(value)).slice(0, SHOWN_CHARS);
}
