/** Counts the characters in plain data, including member names, in arrays, objects, sets and maps at any depth. */

/** Stops once the count is above `limit`, and returns that count. */
export function sizeOf(value: unknown, limit = Infinity): number {
  let chars = 0;
  const unvisited: unknown[] = [value];
  while (unvisited.length > 0 && chars <= limit) {
    const current = unvisited.pop();
    if (typeof current === 'string') chars += current.length;
    else if (current instanceof Map) for (const [key, member] of current) unvisited.push(key, member);
    else if (current instanceof Set || Array.isArray(current)) for (const member of current) unvisited.push(member);
    else if (ArrayBuffer.isView(current)) chars += current.byteLength;
    else if (typeof current === 'object' && current !== null)
      for (const [name, member] of Object.entries(current)) {
        chars += name.length;
        unvisited.push(member);
      }
  }
  return chars;
}
