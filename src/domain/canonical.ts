/**
 * Canonical JSON: one text for one value, whatever the order of its members (as RFC 8785 has it).
 */

/** Deeper than any honest request; shallow enough for every recursive walk after the check. */
export const DEPTH_LIMIT = 64;

/** Walks without recursion, so that no nesting can exhaust the stack. */
export function isTooDeep(value: unknown): boolean {
  let level = typeof value === 'object' && value !== null ? [value] : [];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth >= DEPTH_LIMIT) return depth > DEPTH_LIMIT || level.some((one) => Object.values(one).length > 0);
    level = level.flatMap(objectsIn);
  }
  return false;
}

/** Most members of a large value are none, and nothing is made of them. */
function objectsIn(value: object): object[] {
  const members: unknown[] = Array.isArray(value) ? value : Object.values(value);
  return members.filter((one): one is object => typeof one === 'object' && one !== null);
}

/** Members and elements of one value, at any depth: more than any honest request has, and walked in a few milliseconds. */
export const NODES_LIMIT = 10_000;

/** The member of a value with which it has too many members and elements in all; undefined where it has few enough. */
export function memberTooMany(value: unknown): string | undefined {
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

/** For a message after the name of the member. */
export const TOO_MANY = `has too many members and elements: ${NODES_LIMIT.toLocaleString('en')} in all may be sent at once`;

/** Members sorted by name; absent (`undefined`) ones left out. For JSON values that are not too deep. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`);
  return `{${members.join(',')}}`;
}
