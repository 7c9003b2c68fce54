/**
 * Parses the JSON of manifests and lock files whose shape is unknown; no function here throws. Pure.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';

/** Returns undefined if the text is not a JSON object. */
export function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Removes commas before closing brackets: bun writes such commas. */
export function withoutLastCommas(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"?)|,(?=\s{0,200}[}\]])/g, (_, kept: string | undefined) => kept ?? '');
}
