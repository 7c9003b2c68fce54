/** The processor time that this process has used, in milliseconds: what a busy machine does not stretch, unlike the clock. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
