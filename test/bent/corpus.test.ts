/**
 * A handful of the corpus, so that every run of the tests guards it: one of each kind, and those that once slipped through
 * or were held. `npm run bent` runs it whole.
 */
import { CORPUS, LEFT_OUT } from './corpus';
import { OPEN } from './open';
import type { Ran } from './run-case';
import { runCorpus } from './run-corpus';

const HANDFUL = CORPUS.filter(
  ({ kind, name }) =>
    (kind === 'changed tests' && /^P2|^P6|only adds|must change|moves beside|by itself|kept its name/.test(name)) ||
    [
      'a test file is emptied',
      'a package does not exist',
      'the test script becomes true',
      'the program that runs the tests prints what it likes',
      'the code ends the process with 0 when it is loaded',
      'the answers to the visible tests stand in a table',
      'the tests that are locked pass without the change, and the report names no files',
      'a test that nobody wrote is named',
      'the release manager goes without a pre-check',
      'a source is deleted without a word',
      'a tester outside names tests that ran nowhere',
      'an overseer outside approves a secret',
      'a feature is written and tested',
      'the same with make and unittest, which write JUnit',
      'the build is started with another test command than the project has',
      'a test that was there is changed, and a person approves',
      'code is made simpler, and does what it did',
    ].includes(name),
);

let ran: Ran[];
beforeAll(async () => {
  ran = await runCorpus(HANDFUL, { atOnce: 4 });
}, 400_000);

test.each(HANDFUL.map(({ kind, name }) => [kind, name]))('%s: %s', (_, name) => {
  expect(ran.find((one) => one.name === name)).toMatchObject({ problem: null });
});

test('every build that is listed as open is one of the corpus', () => {
  const names = CORPUS.map(({ name }) => name);
  for (const name of Object.keys(OPEN)) if (LEFT_OUT === 0) expect(names).toContain(name);
});

test('the corpus holds at least 60 bent and 20 honest builds, each with a name of its own', () => {
  const bent = CORPUS.filter(({ caught }) => caught !== undefined);
  expect(bent.length).toBeGreaterThanOrEqual(60);
  expect(CORPUS.length - bent.length).toBeGreaterThanOrEqual(20);
  expect(new Set(CORPUS.map(({ name }) => name)).size).toBe(CORPUS.length);
});
