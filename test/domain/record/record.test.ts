/**
 * Verification of records: unaltered ones pass, other values are refused, and no altered member goes unnoticed.
 */
import { canonicalJson } from '../../../src/domain/canonical';
import { TOOLS } from '../../../src/programs/cli/verify-file';
import { verifyRecord } from '../../../src/domain/record/verify';
import { apply, buildIn, newBuild } from '../a-build';
import { IN_A_LIST, IN_THE_OLD_FORM, flawsOf, honest, copyOf, recordOf, reseal, workedBuild } from './records';
import { entryOf } from './tampers';

test.each([
  ['complete, by its models', honest],
  ['complete, by external roles', recordOf({ build: buildIn('complete') })],
  ['cancelled', recordOf({ build: apply(buildIn('testing'), 'cancel', { reason: 'no longer wanted' }) })],
  ['in error', recordOf({ build: buildIn('error') })],
  ['retried and rolled back', recordOf({ build: reworkedBuild() })],
  ['just begun', recordOf({ build: newBuild() })],
])('a record of a build that is %s has no flaw', (_, record) => {
  expect(flawsOf(record)).toEqual([]);
  // The same record with its members in another order.
  expect(flawsOf(JSON.parse(canonicalJson(record)))).toEqual([]);
});

test.each([
  ['in a list by name', IN_A_LIST, [3, 5]],
  ['under members of its own, as before there was a list', IN_THE_OLD_FORM, [3, 4, 5]],
])('evidence in an output %s is in the record, each piece once', (_, evidenceForm, durations) => {
  const record = recordOf(workedBuild(evidenceForm));
  expect(flawsOf(record)).toEqual([]);
  const pieces = record.entries.filter(({ kind }) => kind === 'evidence').map(({ body }) => body);
  const testing = (record.entries.at(-1)!.body as { outputs: Record<string, { digest: string }> }).outputs.testing;
  expect(pieces.map(({ evidence }) => (evidence as { durationMs: number }).durationMs).sort()).toEqual(durations);
  expect(pieces.map((body) => body.in)).toEqual(durations.map(() => [testing!.digest]));
  expect(pieces.some(({ evidence }) => Object.hasOwn(evidence as object, 'name'))).toBe(false);
});

test.each([
  ['a list', IN_A_LIST],
  ['the old form', IN_THE_OLD_FORM],
])('in %s, a missing piece of evidence is found, and a forged one too', (_, evidenceForm) => {
  const [lacking, forged] = [copyOf(recordOf(workedBuild(evidenceForm))), copyOf(recordOf(workedBuild(evidenceForm)))];
  lacking.entries.splice(entryOf(lacking, 'evidence', 0).index, 1);
  reseal(lacking);
  expect(flawsOf(lacking)).toContainEqual(
    expect.objectContaining({ message: expect.stringContaining('no entry has') }),
  );
  (entryOf(forged, 'evidence', 0).body.evidence as { exitCode: number }).exitCode = 1;
  reseal(forged);
  expect(flawsOf(forged)).toContainEqual(expect.objectContaining({ field: 'body.evidence.exitCode' }));
});

test.each([
  null,
  7,
  'text',
  [],
  {},
  { format: 'q-orchestrator.record' },
  { ...honest, version: 2 },
  { ...honest, entries: {} },
])('value %# is refused as not a record', (value) =>
  expect(verifyRecord(value, TOOLS)).toMatchObject({ readable: false }),
);

test('a too deeply nested record is refused', () => {
  const deepArray = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
  expect(verifyRecord({ ...honest, entries: [deepArray] }, TOOLS)).toMatchObject({ readable: false });
});

test('replacing any member by any value is found, and verification never throws', () => {
  // Every fifth member is enough, with the values in turn.
  const values = [null, 0, '', 'x', [], {}, [null], true];
  const paths = membersOf(honest).filter((_, place) => place % 5 === 0);
  let undetected: unknown[] = [];
  for (const [place, path] of paths.entries()) {
    const value = values[place % values.length];
    const record = copyOf(honest) as never;
    if (!replaceMember(record, path, value)) continue;
    const verified = verifyRecord(record, TOOLS);
    if (verified.readable && verified.flaws.length === 0) undetected = [...undetected, { path, value }];
  }
  expect(undetected).toEqual([]);
  expect(paths.length).toBeGreaterThan(100);
});

function reworkedBuild() {
  let build = buildIn('verification');
  build = apply(build, 'retry', { reason: 'again' });
  build = apply(build, 'retry', { reason: 'and the plan' });
  build = apply(buildIn('handoff_to_tester', build), 'rollback', { target_state: 'discovery', reason: 'anew' });
  build = buildIn('error', build);
  return apply(build, 'rollback', { target_state: 'planning', reason: 'from error' });
}

/** The path of every member of the record. */
function membersOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return path.length === 0 ? [] : [path];
  const inner = Object.entries(value).flatMap(([name, member]) => membersOf(member, [...path, name]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** Replaces the member at the path; false if it had this value already. */
function replaceMember(root: Record<string, never>, path: string[], value: unknown): boolean {
  let place: Record<string, unknown> = root;
  for (const name of path.slice(0, -1)) place = place[name] as Record<string, unknown>;
  const last = path.at(-1)!;
  if (canonicalJson(place[last]) === canonicalJson(value)) return false;
  place[last] = value;
  return true;
}
