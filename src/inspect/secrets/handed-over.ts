/**
 * Secrets in what a role outside hands over: taken out of its words, and left in its files, which the gate `secrets` judges as they are.
 */
import { redactContent, redactValue } from './redact';
import type { Redacted } from './redact';

const FILES: readonly string[] = ['files', 'tests_added', 'tests_updated'];

/** `field`: the member that holds the result; empty where it is the value itself. */
export function redactHanded<T>(value: T, field = ''): Redacted<T> {
  return redactValue(value, (path) => isWork(path, field));
}

/** The same of its text, as a signal brings it. */
export function redactHandedText(json: string): string {
  return redactContent(json, (path) => isWork(path, '')).text;
}

function isWork(path: readonly string[], field: string): boolean {
  const [first = '', second = ''] = path;
  return field === '' ? FILES.includes(first) : first === field && FILES.includes(second);
}
