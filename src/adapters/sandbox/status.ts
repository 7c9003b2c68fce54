/**
 * What bubblewrap reports of a run on its status descriptor: JSON objects, one after another.
 */
export function numberIn(status: string, name: string): number | undefined {
  const found = new RegExp(`"${name}": (\\d+)`).exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
