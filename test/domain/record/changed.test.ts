/**
 * Records that were changed: each change is found, at its place, however carefully it was made.
 */
import { generateKeyPairSync } from 'node:crypto';
import { TOOLS } from '../../../src/programs/cli/verify-file';
import type { BuildRecord } from '../../../src/domain/record/format';
import { verifyRecord } from '../../../src/domain/record/verify';
import { flawsOf, honest, plain, reseal, signed } from './records';
import { CAREFUL, CARELESS, at, edit, placeOf } from './tampers';
import type { Tamper } from './tampers';

test.each(CARELESS)('changed and found: %s', (_, tamper, where, field) => {
  expect(placesOf(changed(tamper))).toContainEqual([where, field]);
});

test.each(CAREFUL)('changed with all hashes made anew, and found: %s', (_, tamper, where, field) => {
  const record = changed(tamper);
  reseal(record);
  record.signature = null;
  expect(placesOf(record)).toContainEqual([expect.stringMatching(where), field]);
});

test.each([...CARELESS.slice(0, 20), ...CAREFUL].map(([name, tamper]): [string, Tamper] => [name, tamper]))(
  'whatever is made anew without the key is not signed any more: %s',
  (_, tamper) => {
    const record = changed(tamper);
    reseal(record);
    if (record.head.last_hash === honest.head.last_hash) return;
    expect(placesOf(record)).toContainEqual(['signature', 'signature']);
  },
);

test('a single edit is one flaw, at its entry, and not one in every entry after it', () => {
  const record = changed(edit('handoff', 3, (body) => (body.notes = 'fine')));
  expect(placesOf(record)).toEqual([[placeOf('handoff', 3), 'hash']]);
});

test('a record signed anew by another key names that key', () => {
  const other = generateKeyPairSync('ed25519');
  const record = changed((one) => (at(one, 'handoff', 3).body.notes = 'fine'));
  reseal(record);
  const [ours, theirs] = [honest, signed(record, other)].map((one) => verifyRecord(one, TOOLS));
  expect(theirs).toMatchObject({ readable: true, flaws: [], signedBy: expect.stringMatching(/^SHA256:[0-9a-f]{64}$/) });
  expect(theirs).not.toMatchObject({ signedBy: (ours as { signedBy: string }).signedBy });
});

function placesOf(record: BuildRecord) {
  return flawsOf(record).map(({ where, field }) => [where, field]);
}

function changed(tamper: Tamper): BuildRecord {
  const record = plain(honest);
  tamper(record);
  return record;
}
