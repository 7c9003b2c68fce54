/**
 * Reads JSON whose shape is not known: what an external caller handed over may hold anything. Nothing here throws.
 */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The first of these members that the value has; undefined where it is no object or has none. */
export function firstMember(value: unknown, ...names: string[]): unknown {
  if (!isObject(value)) return undefined;
  const name = names.find((one) => Object.hasOwn(value, one));
  return name === undefined ? undefined : value[name];
}
