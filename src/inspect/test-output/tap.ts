/**
 * Plain TAP on standard output: its top-level points, one test each. Tests that were planned and are missing have failed.
 */
import type { TestCase } from '../../ports/test-runner';

/** null where the output is none. */
export function readTap(output: string): TestCase[] | null {
  const plans = [...output.matchAll(/^1\.\.(\d+)\s*$/gm)];
  // Two plans are two reports, and one of them is somebody else's.
  if (plans.length !== 1) return null;
  const points = [...output.matchAll(/^(ok|not ok)\b\s*\d*\s*-?\s*(.*)$/gm)].map(([, word, rest = '']): TestCase => {
    const isLeftOut = /# *(skip|todo)\b/i.test(rest);
    const name = rest.replace(/\s*#.*$/, '');
    return { file: '', name, status: isLeftOut ? 'skipped' : word === 'ok' ? 'passed' : 'failed' };
  });
  const missing = Math.max(0, Number(plans[0]?.[1]) - points.length);
  const lost: TestCase[] = Array.from({ length: missing }, () => ({
    file: '',
    name: '(planned, and not run)',
    status: 'failed',
  }));
  return [...points, ...lost];
}
