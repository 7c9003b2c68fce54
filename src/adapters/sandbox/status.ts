/**
 * Reads numbers from bubblewrap's status report of a run, a sequence of JSON objects.
 */
export function numberIn(status: string, name: string): number | undefined {
  const found = new RegExp(`"${name}": (\\d+)`).exec(status)?.[1];
  return found === undefined ? undefined : Number(found);
}
