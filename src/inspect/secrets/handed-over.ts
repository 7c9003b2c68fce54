/**
 * Redacts secrets in the result of an external role. Its files stay unchanged, because the gate `secrets` judges them as they are.
 */
import { redactContent, redactValue } from './redact';
import type { Redacted } from './redact';

const FILES: readonly string[] = ['files', 'tests_added', 'tests_updated'];

/** `field`: the member that contains the result; empty if the value itself is the result. */
export function redactHanded<T>(value: T, field = ''): Redacted<T> {
  return redactValue(value, (path) => isWork(path, field));
}

/** Does the same for a result as JSON text, which a signal carries. */
export function redactHandedText(json: string): string {
  return redactContent(json, (path) => isWork(path, '')).text;
}

function isWork(path: readonly string[], field: string): boolean {
  const [first = '', second = ''] = path;
  return field === '' ? FILES.includes(first) : first === field && FILES.includes(second);
}
