/** Checks the end of a log that a failure shows. */
import { lastLines } from '../../src/inspect/last-lines';
import { cpuMs } from '../cpu';

test('at most twenty lines and two thousand characters are shown', () => {
  const log = Array.from({ length: 100 }, (_, n) => `line ${n}`).join('\n');
  expect(lastLines(`${log}\n\n`).split('\n')).toEqual(Array.from({ length: 20 }, (_, n) => `line ${80 + n}`));
  expect(lastLines('x'.repeat(5_000))).toHaveLength(2_001);
});

test('progress lines do not hide the cause of a failure', () => {
  const progress = Array.from({ length: 50 }, (_, n) => `Progress: resolved ${n}, reused 0, downloaded ${n}, added 0`);
  const bar = Array.from({ length: 50 }, (_, n) => `${n * 2} %`).join('\r');
  const log = ['\u001b[31mERR_PNPM_FETCH_404\u001b[39m GET helper.tgz', ...progress, `${bar}\rdone`].join('\n');
  expect(lastLines(log)).toBe('ERR_PNPM_FETCH_404 GET helper.tgz\ndone');
});

test('a line that ends with a carriage return is shown, and of an overwritten line the last text', () => {
  expect(lastLines('first\r\nsecond\r\r\n10 %\r20 %\rthird\r\n')).toBe('first\nsecond\nthird');
  expect(lastLines('kept\n[=====>     ]  45%\n[##########]\t\n===========  \n--------- - 7%\nlast')).toBe('kept\nlast');
});

test('a bar that is followed by text is no progress line, at any length', () => {
  const line = `${'.'.repeat(600)} 1 failed`;
  expect(lastLines(line)).toBe(line);
});

test.each([
  ['a long line', 'x'.repeat(200_000)],
  ['many blanks', `${' '.repeat(199_999)}x`],
  ['a bar of any length', `[${'='.repeat(199_990)}]x`],
  ['a bar of blanks and tabs', `${' \t'.repeat(99_999)}x`],
  ['many digits', `${'1'.repeat(199_999)}x`],
  ['many carriage returns', `${'\r'.repeat(199_999)}x`],
  ['many short lines', ' x\n'.repeat(66_000)],
  ['many colours', '\u001b[1;1'.repeat(33_000)],
])('the end of a log of 200,000 characters is found without delay: %s', (_, log) => {
  const began = cpuMs();
  lastLines(log);
  expect(cpuMs() - began).toBeLessThan(1_000);
});
