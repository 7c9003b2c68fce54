/**
 * Named tests as counts and as the names of those that failed.
 */
import type { TestCounts } from '../../domain/evidence/evidence';
import type { TestCase } from '../../ports/test-runner';

export function summarise(tests: TestCase[]): { tests: TestCase[]; counts: TestCounts; failing: string[] } {
  const of = (status: TestCase['status']): number => tests.filter((test) => test.status === status).length;
  const counts = {
    total: tests.length,
    passed: of('passed'),
    failed: of('failed'),
    skipped: of('skipped') + of('todo'),
  };
  const failing = tests.filter(({ status }) => status === 'failed').map(({ name, file }) => shown(name, file));
  return { tests, counts, failing: [...new Set(failing)].slice(0, 20) };
}

function shown(name: string, file: string): string {
  return (name === '(file)' ? `${file} did not run` : name).replace(/\s+/g, ' ').slice(0, 200);
}
