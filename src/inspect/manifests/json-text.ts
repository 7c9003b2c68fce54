/**
 * JSON of manifests and locks whose shape is not known yet; nothing here throws. Pure.
 */
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';

/** Undefined where the text is no JSON object. */
export function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A comma before a closing bracket, as bun writes it. */
export function withoutLastCommas(text: string): string {
  return text.replace(/("(?:[^"\\\n]|\\.)*"?)|,(?=\s{0,200}[}\]])/g, (_, kept: string | undefined) => kept ?? '');
}
