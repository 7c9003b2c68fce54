/**
 * What the corpus and the lists beside it hold. `npm run corpus` runs the builds, `npm run corpus -- --sample` those that CI runs each time.
 */
import { CORPUS, LEFT_OUT } from './corpus';
import { SAMPLE, sampleOf } from './sample';

/** Gradle is rarely on a machine. */
const MOST_LEFT_OUT = 1;

test('the corpus has 25 cheats of each usual runner and 15 of other languages, and 100 honest builds of 12 runners and 8 languages', () => {
  const cheating = CORPUS.filter(({ caught }) => caught !== undefined);
  const honest = CORPUS.filter(({ caught }) => caught === undefined);
  const cheatsOf = (runner: string): number => cheating.filter((one) => one.runner === runner).length;
  const USUAL = ['node:test', 'jest', 'vitest', 'mocha', 'pytest'];
  // Where a tool is missing, its cases are no part of the corpus.
  if (LEFT_OUT > MOST_LEFT_OUT) return;
  for (const runner of USUAL) expect([runner, cheatsOf(runner) >= 25]).toEqual([runner, true]);
  const others = cheating.filter(({ language }) => !['JavaScript', 'TypeScript', 'Python'].includes(language));
  expect(others.length).toBeGreaterThanOrEqual(15);
  expect(honest.length).toBeGreaterThanOrEqual(100);
  expect(new Set(honest.map(({ runner }) => runner)).size).toBeGreaterThanOrEqual(12);
  expect(new Set(honest.map(({ language }) => language)).size).toBeGreaterThanOrEqual(8);
});

test('each build of the corpus has a name of its own', () => {
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
});

test('the sample has a build of most kinds, honest ones and two of the rounds of reviewers, and none twice', () => {
  const isOfRound = (kind: string): boolean => kind.startsWith('round ');
  const kinds = (cases: ReadonlyArray<{ kind: string }>) =>
    new Set(cases.map(({ kind }) => kind).filter((kind) => !isOfRound(kind)));
  const sample = sampleOf(CORPUS);
  expect(kinds(sample).size).toBeGreaterThan((kinds(CORPUS).size * 2) / 3 - 1);
  expect(kinds(sample)).toContain('honest');
  expect(sample.filter(({ kind }) => isOfRound(kind)).length).toBeGreaterThanOrEqual(2);
  expect(new Set(SAMPLE).size).toBe(SAMPLE.length);
});

test('a sample that names no case, or one that the corpus has not, is an error that says so', () => {
  expect(() => sampleOf(CORPUS, [])).toThrow('the sample is empty');
  expect(() => sampleOf(CORPUS, ['a feature is written and tested', 'no such build'])).toThrow(
    'not in the corpus: "no such build"',
  );
});
