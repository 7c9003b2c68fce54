/**
 * Tests what `npm run corpus -- --write` writes to docs/corpus.md: totals, a row for each build, and the parts that stay as they are.
 */
import { partOf, readParts, textOf } from './write-table';
import type { Row } from './write-table';

const ROW: Row = {
  ...{
    name: 'a | b',
    kind: 'cheating',
    runner: 'jest',
    verdict: 'held',
    heldBy: 'tampering',
    seconds: 3.14,
    problem: '',
  },
};

test('each build has a row, and kinds and runners have their totals', () => {
  const honest: Row = { ...ROW, name: 'c', kind: 'honest', verdict: 'held', problem: 'honest, and held' };
  const text = partOf({ rows: [ROW, honest], seconds: 12, isPartial: false }, '');
  expect(text).toContain('| a \\| b | cheating | jest | held | tampering | 3.1 | ');
  expect(text).toMatch(/\| c \| honest \| jest \| \*\*held\*\* \| tampering \| 3\.1 \| .* \| honest, and held \|/);
  expect(text).toContain('| **cheating** | 1 | 0 | 1 | 0 |');
  expect(text).toContain('| honest, jest | 1 | 0 | 1 | 1 |');
  expect(text).toMatch(/^Last written \d{4}-\d\d-\d\d [0-9a-f]{12}/);
});

test('a run of some builds replaces their lines, and the totals count all lines', () => {
  const other: Row = { ...ROW, name: 'c', verdict: 'released', problem: 'cheating, and released' };
  const oldPart = partOf({ rows: [ROW, other], seconds: 12, isPartial: false }, '');
  const newPart = partOf({ rows: [{ ...other, verdict: 'held', problem: '' }], seconds: 1, isPartial: true }, oldPart);
  expect(newPart).toContain('| **cheating** | 2 | 0 | 2 | 0 |');
  expect(newPart.match(/^\| (?:a|c) [^\n]*/gm)?.map((line) => line.slice(0, 5))).toEqual(['| a \\', '| c |']);
});

test('writing one part of the page leaves the other part as it is', () => {
  const first = textOf({ builds: 'one\n\n| x |' });
  expect(textOf({ ...readParts(first), real: 'two' })).toBe(textOf({ builds: 'one\n\n| x |', real: 'two' }));
  expect(readParts(textOf({ builds: 'one', real: 'two' }))).toEqual({ builds: 'one', real: 'two' });
});
