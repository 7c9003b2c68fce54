/**
 * The pages that `npm run corpus -- --write` leaves: totals, one row a build, and a part that another run wrote.
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
  const text = partOf([ROW, honest], 12);
  expect(text).toContain('| a \\| b | cheating | jest | held | tampering | 3.1 |  |');
  expect(text).toContain('| c | honest | jest | **held** | tampering | 3.1 | honest, and held |');
  expect(text).toContain('| **cheating** | 1 | 0 | 1 | 0 |');
  expect(text).toContain('| honest, jest | 1 | 0 | 1 | 1 |');
  expect(text).toMatch(/^\d{4}-\d\d-\d\d, commit [0-9a-f]{12}/);
});

test('a run leaves the part of the page that it does not tell of', () => {
  const first = textOf({ builds: 'one\n\n| x |' });
  expect(textOf({ ...readParts(first), real: 'two' })).toBe(textOf({ builds: 'one\n\n| x |', real: 'two' }));
  expect(readParts(textOf({ builds: 'one', real: 'two' }))).toEqual({ builds: 'one', real: 'two' });
});
