/**
 * Canonical JSON: the same text for the same value, independent of member order (as in RFC 8785).
 */

/** No legitimate request is nested deeper; recursive functions are safe after this check. */
export const DEPTH_LIMIT = 64;

/** Does not recurse, so that deep nesting cannot exhaust the stack. */
export function isTooDeep(value: unknown): boolean {
  let level = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= DEPTH_LIMIT) return depth > DEPTH_LIMIT || level.some((one) => Object.values(one).length > 0);
    level = level.flatMap(objectsIn);
  }
  return false;
}

/** Returns the members that are objects; most members of a large value are not. */
function objectsIn(value: object): object[] {
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.filter((one): one is object => typeof one === 'object' && one !== null);
}

/** Maximum number of members and elements in one value, at any depth. No legitimate request has more, and counting takes milliseconds. */
export const NODES_LIMIT = 10_000;

/** Returns the top-level member at which the count exceeds the limit, or undefined. */
export function memberOverLimit(value: unknown): string | undefined {
  let count = 0;
  for (const [name, member] of Object.entries(value ?? {})) {
    count += 1;
    let level = typeof member === 'object' && member !== null ? [member as object] : [];
    while (level.length > 0) {
      for (const one of level) count += Array.isArray(one) ? one.length : Object.keys(one).length;
      if (count > NODES_LIMIT) return name;
      level = level.flatMap(objectsIn);
    }
    if (count > NODES_LIMIT) return name;
  }
  return undefined;
}

/** The end of an error message that begins with the member's name. */
export const TOO_MANY_MEMBERS = `has too many members and elements: ${NODES_LIMIT.toLocaleString('en')} in all may be sent at once`;

/** Sorts members by name and leaves out `undefined` ones. For JSON values that are not too deep. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
