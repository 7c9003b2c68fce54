/**
 * Altered records: each alteration is found at its place, even if all hashes were recomputed.
 */
import { generateKeyPairSync } from 'node:crypto';
import { TOOLS } from '../../../src/programs/cli/verify-file';
import type { BuildRecord } from '../../../src/domain/record/format';
import { verifyRecord } from '../../../src/domain/record/verify';
import { flawsOf, honest, copyOf, reseal, signed } from './records';
import { CAREFUL, CARELESS, entryOf, edit, placeOf } from './tampers';
import type { Tamper } from './tampers';

test.each(CARELESS)('finds a simple alteration: %s', (_, tamper, where, field) => {
  expect(placesOf(tampered(tamper))).toContainEqual([where, field]);
});

test.each(CAREFUL)('finds an alteration with recomputed hashes: %s', (_, tamper, where, field) => {
  const record = tampered(tamper);
  reseal(record);
  record.signature = null;
  expect(placesOf(record)).toContainEqual([expect.stringMatching(where), field]);
});

test.each([...CARELESS.slice(0, 20), ...CAREFUL].map(([name, tamper]): [string, Tamper] => [name, tamper]))(
  'recomputed hashes make the signature invalid: %s',
  (_, tamper) => {
    const record = tampered(tamper);
    reseal(record);
    if (record.head.last_hash === honest.head.last_hash) return;
    expect(placesOf(record)).toContainEqual(['signature', 'signature']);
  },
);

test('a single edit is one flaw at its entry, not one in each later entry', () => {
  const record = tampered(edit('handoff', 3, (body) => (body.notes = 'fine')));
  expect(placesOf(record)).toEqual([[placeOf('handoff', 3), 'hash']]);
});

test('a record signed anew by another key names that key', () => {
  const other = generateKeyPairSync('ed25519');
  const record = tampered((one) => (entryOf(one, 'handoff', 3).body.notes = 'fine'));
  reseal(record);
  const [ours, theirs] = [honest, signed(record, other)].map((one) => verifyRecord(one, TOOLS));
  expect(theirs).toMatchObject({ readable: true, flaws: [], signedBy: expect.stringMatching(/^SHA256:[0-9a-f]{64}$/) });
  expect(theirs).not.toMatchObject({ signedBy: (ours as { signedBy: string }).signedBy });
});

function placesOf(record: BuildRecord) {
  return flawsOf(record).map(({ where, field }) => [where, field]);
}

function tampered(tamper: Tamper): BuildRecord {
  const record = copyOf(honest);
  tamper(record);
  return record;
}
