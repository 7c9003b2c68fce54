/** How many characters stand in the texts of plain data: arrays, objects, sets and maps, at any depth. */
export function sizeOf(value: unknown): number {
  let chars = 0;
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'string') chars += one.length;
    else if (one instanceof Map) for (const [key, held] of one) open.push(key, held);
    else if (one instanceof Set || Array.isArray(one)) for (const held of one) open.push(held);
    else if (ArrayBuffer.isView(one)) chars += one.byteLength;
    else if (typeof one === 'object' && one !== null) for (const held of Object.values(one)) open.push(held);
  }
  return chars;
}
