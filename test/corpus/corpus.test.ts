/**
 * Checks the size and the names of the corpus and of CI's sample. `npm run corpus` runs the builds, `npm run corpus -- --sample` those of
 * the sample.
 */
import { CORPUS, LEFT_OUT_COUNT } from './corpus';
import { SAMPLE, sampleOf } from './sample';

/** The counts of a corpus from which more cases are left out are not checked. Most machines have no Gradle, which one case needs. */
const MAX_LEFT_OUT = 1;

test('the corpus has 25 cheats of each usual runner and 15 of other languages, and 100 honest builds of 12 runners and 8 languages', () => {
  const cheating = CORPUS.filter(({ caught }) => caught !== undefined);
  const honest = CORPUS.filter(({ caught }) => caught === undefined);
  const cheatsOf = (runner: string): number => cheating.filter((one) => one.runner === runner).length;
  const USUAL = ['node:test', 'jest', 'vitest', 'mocha', 'pytest'];
  if (LEFT_OUT_COUNT > MAX_LEFT_OUT) return;
  for (const runner of USUAL) expect([runner, cheatsOf(runner) >= 25]).toEqual([runner, true]);
  const otherCheats = cheating.filter(({ language }) => !['JavaScript', 'TypeScript', 'Python'].includes(language));
  expect(otherCheats.length).toBeGreaterThanOrEqual(15);
  expect(honest.length).toBeGreaterThanOrEqual(100);
  expect(new Set(honest.map(({ runner }) => runner)).size).toBeGreaterThanOrEqual(12);
  expect(new Set(honest.map(({ language }) => language)).size).toBeGreaterThanOrEqual(8);
});

test('each build of the corpus has its own name', () => {
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
});

test('the sample has builds of most kinds, honest builds, two builds of the rounds of reviewers, and no build twice', () => {
  const isOfRound = (kind: string): boolean => kind.startsWith('round ');
  const kinds = (cases: ReadonlyArray<{ kind: string }>) =>
    new Set(cases.map(({ kind }) => kind).filter((kind) => !isOfRound(kind)));
  const sample = sampleOf(CORPUS);
  expect(kinds(sample).size).toBeGreaterThan((kinds(CORPUS).size * 2) / 3 - 1);
  expect(kinds(sample)).toContain('honest');
  expect(sample.filter(({ kind }) => isOfRound(kind)).length).toBeGreaterThanOrEqual(2);
  expect(new Set(SAMPLE).size).toBe(SAMPLE.length);
});

test('a sample that is empty, or names a case that is not in the corpus, is refused with an error that says so', () => {
  expect(() => sampleOf(CORPUS, [])).toThrow('the sample is empty');
  expect(() => sampleOf(CORPUS, ['a feature is written and tested', 'no such build'])).toThrow(
    'not in the corpus: "no such build"',
  );
});
