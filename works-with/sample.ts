/**
 * The six shapes that CI builds each time (`npm run works-with -- --sample`): runners, languages, a project in a folder, and tests that
 * are red at the base.
 */
export const SAMPLE: readonly string[] = [
  'jest',
  'vitest with globals',
  'pytest, src layout with pythonpath',
  'go table tests with subtests',
  'project in backend/',
  'red base',
];
