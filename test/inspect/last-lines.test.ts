/** The end of a log, as failures show it. */
import { lastLines } from '../../src/inspect/last-lines';

test('the last lines of a log are at most twenty, and two thousand characters', () => {
  const log = Array.from({ length: 100 }, (_, n) => `line ${n}`).join('\n');
  expect(lastLines(`${log}\n\n`).split('\n')).toEqual(Array.from({ length: 20 }, (_, n) => `line ${80 + n}`));
  expect(lastLines('x'.repeat(5_000))).toHaveLength(2_001);
});

test('the cause of a failure is not hidden by lines that say how far a program is', () => {
  const progress = Array.from({ length: 50 }, (_, n) => `Progress: resolved ${n}, reused 0, downloaded ${n}, added 0`);
  const bar = Array.from({ length: 50 }, (_, n) => `${n * 2} %`).join('\r');
  const log = ['\u001b[31mERR_PNPM_FETCH_404\u001b[39m GET helper.tgz', ...progress, `${bar}\rdone`].join('\n');
  expect(lastLines(log)).toBe('ERR_PNPM_FETCH_404 GET helper.tgz\ndone');
});
