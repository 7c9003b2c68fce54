/**
 * Reads JSON of unknown shape, such as input of an external caller. No function here throws.
 */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Returns the first of these members that the value has; undefined if it has none or is not an object. */
export function firstMember(value: unknown, ...names: string[]): unknown {
  if (!isObject(value)) return undefined;
  const name = names.find((one) => Object.hasOwn(value, one));
  return name === undefined ? undefined : value[name];
}
