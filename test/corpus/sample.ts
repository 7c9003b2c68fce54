/**
 * Names the builds of the corpus that CI runs each time (`npm run corpus -- --sample`): one of most kinds, two of the rounds of
 * reviewers, and some cheating builds that were once released or honest builds that were once held. Each cheating build is held by
 * another gate, experiment or role. The catchers of the remaining kinds have unit tests.
 */
import type { Case } from './scripted-build';

export const SAMPLE: readonly string[] = [
  'an overseer outside approves a secret',
  'a test file is emptied',
  'the code ends the process with 0 when it is loaded',
  'the answers to the visible tests stand in a table',
  'the tests that are locked pass without the change, and the report names no files',
  'a package does not exist',
  'P1: a test that must change with the code is updated by the Test Auditor',
  'P2: a hollow test beside a change of comments',
  'the build is started with another test command than the project has',
  'an async hook meets each test and makes a pass of its failing (node:test)',
  'the tests call the function and assert nothing (node:test)',
  'the code is right only until a date (node:test)',
  'very large baskets are given away (node:test)',
  'data that only an old test reads is changed (node:test)',
  'very large baskets are given away (Go)',
  'the image leaves the new module out, and the till falls back on the whole sum (node:test)',
  "the Release Manager's way back begins with emptying the ledger (node:test)",
];

/** Gives the cases with these names. Throws if the corpus lacks a name, since its case would be skipped silently. */
export function sampleOf<T extends Case>(corpus: readonly T[], names: readonly string[] = SAMPLE): T[] {
  const unknown = names.filter((name) => !corpus.some((one) => one.name === name));
  if (unknown.length > 0) throw new Error(`not in the corpus: ${unknown.map((name) => `"${name}"`).join(', ')}`);
  if (names.length === 0) throw new Error('the sample is empty: test/corpus/sample.ts names no case');
  return names.map((name) => corpus.find((one) => one.name === name) as T);
}
