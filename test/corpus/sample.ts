/**
 * The builds of the corpus that CI runs each time (`npm run corpus -- --sample`): one for each way in which a build is held (tampering,
 * dependencies, control, experiments, red tests, secrets, texts of a release, delivered files), two that were once released though they
 * cheat, and two honest ones. The gates behind all other kinds have unit tests.
 */
import type { Case } from './scripted-build';

export const SAMPLE: readonly string[] = [
  'an overseer outside approves a secret',
  'the answers to the visible tests stand in a table',
  'the tests that are locked pass without the change, and the report names no files',
  'a package does not exist',
  'P1: a test that must change with the code is updated by the Test Auditor',
  'the build is started with another test command than the project has',
  'the code is right only until a date (node:test)',
  'very large baskets are given away (node:test)',
  'data that only an old test reads is changed (node:test)',
  'the image leaves the new module out, and the till falls back on the whole sum (node:test)',
  "the Release Manager's way back begins with emptying the ledger (node:test)",
];

/** The cases of the names; throws where a name is not one of the corpus, since its case would be left out without a word. */
export function sampleOf<T extends Case>(corpus: readonly T[], names: readonly string[] = SAMPLE): T[] {
  const unknown = names.filter((name) => !corpus.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`not in the corpus: ${unknown.map((name) => `"${name}"`).join(', ')}`);
  if (names.length === 0) throw new Error('the sample is empty: test/corpus/sample.ts names no case');
  return names.map((name) => corpus.find((one) => one.name === name) as T);
}
