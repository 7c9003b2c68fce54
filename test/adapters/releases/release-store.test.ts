/** Tests the numbers of releases: each is used once, and a claim takes as many calls for late releases as for the first. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DocumentStore } from '../../../src/ports/documents';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createReleaseStore } from '../../../src/adapters/releases/release-store';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'q-ledger-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const claimOf = (id: string) => ({ id, commit: '0'.repeat(40), buildId: `build-${id}`, turn: 1 });

function createCountingStore(): { documents: DocumentStore; calls: () => number } {
  const real = createFileDocuments(root);
  let calls = 0;
  const documents: DocumentStore = {
    load: (...args) => ((calls += 1), real.load(...args)),
    keepFirst: (...args) => ((calls += 1), real.keepFirst(...args)),
    replace: (...args) => ((calls += 1), real.replace(...args)),
    list: (...args) => ((calls += 1), real.list(...args)),
    remove: (...args) => ((calls += 1), real.remove(...args)),
  };
  return { documents, calls: () => calls };
}

test('the fiftieth number costs as much as the first', async () => {
  const { documents, calls } = createCountingStore();
  const ledger = createReleaseStore(documents, 'shop');
  const costs: number[] = [];
  for (let n = 1; n <= 50; n += 1) {
    const callsBefore = calls();
    expect(await ledger.claim(claimOf(`r${n}`))).toMatchObject({ number: n });
    costs.push(calls() - callsBefore);
  }
  expect(costs.at(-1)).toBe(costs[0]);
});

test('thirty concurrent releases that claim twice each get thirty numbers without a gap', async () => {
  const ids = Array.from({ length: 30 }, (_, n) => `r${n}`);
  const ledgers = [1, 2, 3].map(() => createReleaseStore(createFileDocuments(root), 'shop'));
  const claims = await Promise.all([...ids, ...ids].map((id, n) => ledgers[n % 3]!.claim(claimOf(id))));
  const numbers = new Map(claims.map(({ id, number }) => [id, number]));
  for (const { id, number } of claims) expect(number).toBe(numbers.get(id));
  expect([...numbers.values()].sort((a, b) => a - b)).toEqual(Array.from({ length: 30 }, (_, n) => n + 1));
});

test('a mark with a lower number, or a missing mark, does not change numbers', async () => {
  const documents = createFileDocuments(root);
  const ledger = createReleaseStore(documents, 'shop');
  for (const id of ['a', 'b', 'c']) await ledger.claim(claimOf(id));
  await documents.replace('release-mark', 'shop', { number: 1 });
  expect(await ledger.claim(claimOf('d'))).toMatchObject({ number: 4 });
  expect(await ledger.claim(claimOf('b'))).toMatchObject({ number: 2 });
  rmSync(join(root, 'release-mark'), { recursive: true });
  expect(await ledger.claim(claimOf('e'))).toMatchObject({ number: 5 });
});

test("R22: voiding a build's releases does not void those of a later build with the same id and another request", async () => {
  const ledger = createReleaseStore(createFileDocuments(root), 'shop');
  const earlierBuild = { buildId: 'b', requestKey: 'a'.repeat(16), turn: 7 };
  await ledger.fence(earlierBuild);
  expect(await ledger.isVoid({ ...earlierBuild, turn: 6 })).toBe(true);
  expect(await ledger.isVoid({ ...earlierBuild, requestKey: 'b'.repeat(16), turn: 6 })).toBe(false);
  expect(await ledger.isVoid({ buildId: 'b', turn: 6 })).toBe(false);
});
