/**
 * Gives the processor time that this process has used, in milliseconds: a busy machine does not lengthen it, unlike the clock.
 */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
