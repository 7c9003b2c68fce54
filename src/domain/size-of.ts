/** Counts the characters in plain data, including member names, in arrays, objects, sets and maps at any depth. */

/** Stops once the count is above `most`, and returns that count. */
export function sizeOf(value: unknown, most = Infinity): number {
  let chars = 0;
  const open: unknown[] = [value];
  while (open.length > 0 && chars <= most) {
    const one = open.pop();
    if (typeof one === 'string') chars += one.length;
    else if (one instanceof Map) for (const [key, member] of one) open.push(key, member);
    else if (one instanceof Set || Array.isArray(one)) for (const member of one) open.push(member);
    else if (ArrayBuffer.isView(one)) chars += one.byteLength;
    else if (typeof one === 'object' && one !== null)
      for (const [name, member] of Object.entries(one)) {
        chars += name.length;
        open.push(member);
      }
  }
  return chars;
}
