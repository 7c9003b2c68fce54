/**
 * Tests proofs of reports: only programs with the data folder can make and check them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFileDocuments } from '../../../src/adapters/artifacts/documents';
import { createReportProofs } from '../../../src/adapters/record/report-proofs';
import type { BuildReport } from '../../../src/domain/project';

const folders: string[] = [];
function newStore() {
  const folder = mkdtempSync(join(tmpdir(), 'q-test-proofs-'));
  folders.push(folder);
  return createFileDocuments(folder);
}
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

const report: BuildReport = { buildId: 'b', sequence: 3, kind: 'failed', failures: { testing: 1 }, run: 'r' };
const HOUR_MS = 3_600_000;

test('S18: a proof is valid only for its project and its report, in every process with the data folder', async () => {
  const documents = newStore();
  const provenReport = await createReportProofs(documents).prove('shop', report);
  const otherProofs = createReportProofs(documents);
  expect(provenReport).toMatchObject(report);
  expect(await otherProofs.holds('shop', JSON.parse(JSON.stringify(provenReport)) as typeof provenReport)).toBe(true);
  expect(await otherProofs.holds('mall', provenReport)).toBe(false);
  for (const changes of [
    { sequence: 4 },
    { kind: 'completed' as const },
    { failures: {} },
    { run: 'q' },
    { handoffs: 1 },
  ])
    expect(await otherProofs.holds('shop', { ...provenReport, ...changes })).toBe(false);
  for (const proof of ['', 'AAAA', provenReport.proof.slice(1), `AA${provenReport.proof}`])
    expect(await otherProofs.holds('shop', { ...provenReport, proof })).toBe(false);
});

test('S18: a proof from another data folder is not valid', async () => {
  const provenReport = await createReportProofs(newStore()).prove('shop', report);
  expect(await createReportProofs(newStore()).holds('shop', provenReport)).toBe(false);
});

test('S18: a report that is repeated after an hour, or whose time is not a date, is not valid', async () => {
  const documents = newStore();
  const provenReport = await createReportProofs(documents, () => 0).prove('shop', report);
  const holdsAt = (ms: number) => createReportProofs(documents, () => ms).holds('shop', provenReport);
  expect([await holdsAt(HOUR_MS), await holdsAt(HOUR_MS + 1)]).toEqual([true, false]);
  expect(await createReportProofs(documents, () => 0).holds('shop', { ...provenReport, sentAt: 'now' })).toBe(false);
});

test('processes that make their first proof at the same moment use one key', async () => {
  const documents = newStore();
  const all = Array.from({ length: 8 }, () => createReportProofs(documents));
  const provenReport = await Promise.all(all.map((proofs) => proofs.prove('shop', report)));
  const holds = await Promise.all(provenReport.map(async (one) => all[0]?.holds('shop', one)));
  expect(holds).toEqual(all.map(() => true));
});
