/** Does the same for each item, `jobs` at a time, in their order. */
export async function inLanes<T>(items: readonly T[], jobs: number, work: (item: T, index: number) => Promise<void>) {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, lane));
}
