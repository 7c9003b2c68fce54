/**
 * Parses the YAML of manifests and lock files whose shape is unknown; no function here throws. Pure.
 */
import { FAILSAFE_SCHEMA, loadAll, mergeTag } from 'js-yaml';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';

/** Keeps each scalar as text: `version: 1.10` does not become a number. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(mergeTag);

/** Returns the documents that are mappings, in their order; undefined if the text is not YAML. */
export function yamlObjects(text: string): JsonObject[] | undefined {
  try {
    return loadAll(text, { schema: SCHEMA }).filter(isObject);
  } catch {
    return undefined;
  }
}
