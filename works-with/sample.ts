/** The seven shapes that CI builds each time (`npm run works-with -- --sample`): one of each kind, and quick ones. */
export const SAMPLE: readonly string[] = [
  'npm with lock file',
  'vitest with globals',
  'mocha with .mocharc.json',
  'pytest, src layout with pythonpath',
  'go table tests with subtests',
  'project in backend/',
  'red base',
];
