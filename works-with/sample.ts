/** The ten shapes that CI builds each time (`npm run works-with -- --sample`): one of each kind, and quick ones. */
export const SAMPLE: readonly string[] = [
  'npm with lock file',
  'jest',
  'vitest with globals',
  'mocha with .mocharc.json',
  'pytest, src layout with pythonpath',
  'unittest',
  'go table tests with subtests',
  'project in backend/',
  'red base',
  'environment from a file that git ignores',
];
