/**
 * YAML of manifests and locks whose shape is not known yet; nothing here throws. Pure.
 */
import { FAILSAFE_SCHEMA, loadAll, mergeTag } from 'js-yaml';
import { isObject } from '../../domain/json';
import type { JsonObject } from '../../domain/json';

/** Every scalar stays the text that stands there: `version: 1.10` is no number. */
const SCHEMA = FAILSAFE_SCHEMA.withTags(mergeTag);

/** The documents that are mappings, in their order; undefined where the text is no YAML. */
export function yamlObjects(text: string): JsonObject[] | undefined {
  try {
    return loadAll(text, { schema: SCHEMA }).filter(isObject);
  } catch {
    return undefined;
  }
}
