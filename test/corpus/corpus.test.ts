/**
 * What the corpus and the lists beside it hold. `npm run corpus` runs the builds, `npm run corpus -- --sample` those that CI runs each time.
 */
import { CORPUS, LEFT_OUT } from './corpus';
import { OPEN } from './open';
import { SAMPLE, sampleOf } from './sample';

test('every build that is listed as open is one of the corpus', () => {
  const names = CORPUS.map(({ name }) => name);
  for (const name of Object.keys(OPEN)) if (LEFT_OUT === 0) expect(names).toContain(name);
});

test('the corpus holds at least 60 cheating and 20 honest builds, each with a name of its own', () => {
  const cheating = CORPUS.filter(({ caught }) => caught !== undefined);
  expect(cheating.length).toBeGreaterThanOrEqual(60);
  expect(CORPUS.length - cheating.length).toBeGreaterThanOrEqual(20);
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
});

test('the sample has a build of each kind, and none twice', () => {
  const kinds = (cases: ReadonlyArray<{ kind: string }>) => new Set(cases.map(({ kind }) => kind));
  expect(kinds(sampleOf(CORPUS))).toEqual(kinds(CORPUS));
  expect(new Set(SAMPLE).size).toBe(SAMPLE.length);
});

test('a sample that names no case, or one that the corpus has not, is an error that says so', () => {
  expect(() => sampleOf(CORPUS, [])).toThrow('the sample is empty');
  expect(() => sampleOf(CORPUS, ['a feature is written and tested', 'no such build'])).toThrow(
    'not in the corpus: "no such build"',
  );
});
