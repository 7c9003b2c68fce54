/** Runs `work` for each item, `jobs` at a time, starting in the order of the items. */
export async function runLimited<T>(
  items: readonly T[],
  jobs: number,
  work: (item: T, index: number) => Promise<void>,
) {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next++; index < items.length; index = next++) await work(items[index] as T, index);
  };
  await Promise.all(Array.from({ length: Math.min(jobs, items.length) }, lane));
}
