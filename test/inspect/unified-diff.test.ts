/**
 * Tests the unified diff of pages: git must be able to apply it.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { unifiedDiff } from '../../src/inspect/unified-diff';

const NAMES = { before: 'a', after: 'b' };
const place = mkdtempSync(join(tmpdir(), 'q-diff-'));
afterAll(() => rmSync(place, { recursive: true, force: true }));

test('a changed, an added and a removed line are shown with three lines around them', () => {
  const before = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];
  const after = ['1', '2', '3', '4', 'five', '6', '7', '8', '9'];
  expect(unifiedDiff(before.join('\n'), after.join('\n'), NAMES)).toBe(
    ['--- a', '+++ b', '@@ -2,7 +2,7 @@', ' 2', ' 3', ' 4', '-5', '+five', ' 6', ' 7', ' 8'].join('\n'),
  );
  expect(unifiedDiff('same', 'same', NAMES)).toBe('');
});

test('git makes the second of two random texts from the first by the diff', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1, maxLength: 25 });
  const pairs = fc.sample(fc.tuple(text, text), { numRuns: 40, seed: 7 });
  for (const [old, present] of pairs) {
    const [before, after] = [`${old.join('\n')}\n`, `${present.join('\n')}\n`];
    if (before === after) continue;
    writeFileSync(join(place, 'file'), before);
    // The last line of a text that ends in a line break is empty, and git does not count it.
    const input = `${unifiedDiff(old.join('\n'), present.join('\n'), { before: 'file', after: 'file' })}\n`;
    const { status, stderr } = spawnSync('git', ['apply', '-p0', '-'], { cwd: place, input, encoding: 'utf8' });
    expect({ status, stderr, input }).toMatchObject({ status: 0 });
    expect(readFileSync(join(place, 'file'), 'utf8')).toBe(after);
  }
});

test('two texts that differ in too many lines are shown as replaced', () => {
  const many = (word: string) => Array.from({ length: 3_000 }, (_, index) => `${word}${index}`).join('\n');
  const lines = unifiedDiff(many('a'), many('b'), NAMES).split('\n');
  expect(lines.filter((line) => line.startsWith('-a'))).toHaveLength(3_000);
  expect(lines.filter((line) => line.startsWith('+b'))).toHaveLength(3_000);
});
