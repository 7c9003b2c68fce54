/**
 * Finds the first difference between two JSON values, as a path.
 */
import { isObject } from '../json';

/** Returns `path` itself if one value has no members, or if both are equal. */
export function firstDifference(a: unknown, b: unknown, path: string): string {
  const [left, right] = [membersOf(a), membersOf(b)];
  if (left === null || right === null) return path;
  for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
    const [one, other] = [left[name], right[name]];
    if (JSON.stringify(one) !== JSON.stringify(other)) return firstDifference(one, other, `${path}.${name}`);
  }
  return path;
}

function membersOf(value: unknown): Record<string, unknown> | null {
  if (Array.isArray(value)) return Object.fromEntries(Object.entries(value));
  return isObject(value) ? value : null;
}
