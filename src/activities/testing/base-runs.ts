/**
 * Runs over the base commit, which never changes: each is made once and kept.
 */
import type { Deps } from '../deps';
import type { AtBase } from '../../ports/documents';
import type { TestCase, TestRun } from '../../ports/test-runner';

/** `key` names the base commit and the way to run; `run` is called where nothing is kept under it. */
export async function runAtBase(
  deps: Pick<Deps, 'documents'>,
  { collection, key }: { collection: 'baselines' | 'controls'; key: string },
  run: () => Promise<TestRun>,
): Promise<AtBase> {
  const kept = await deps.documents.load(collection, key);
  if (kept !== undefined) return kept;
  const { tests, timedOut } = await run();
  const of = (status: TestCase['status']): TestCase[] => tests.filter((test) => test.status === status);
  const found: AtBase = { passed: of('passed'), red: [...new Set(of('failed').map(({ file }) => file))] };
  // A run that was cut off says nothing that should be kept.
  return timedOut ? found : deps.documents.keepFirst(collection, key, found);
}
