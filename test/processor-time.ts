/**
 * Measures the milliseconds of processor time that a piece of work takes; other load on the machine does not count.
 */
export async function processorMs(work: () => unknown): Promise<number> {
  const from = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
