/**
 * Tests the facts about a tree in the repository report, and the notes about them for a person.
 */
import { notesOn, readTreeFacts } from '../../../src/activities/survey/tree-facts';

const AT = { projectId: 'shop', buildId: 'b1', commit: 'c'.repeat(40) };
const list = () => Promise.resolve([]);
const NO_PATHS = { count: 0, paths: [] };
const FACTS = {
  source: { workdir: '', uncommitted: 0, branch: 'main', isShallow: false },
  ...{
    submodules: [],
    lfs: [],
    links: { kept: 1, refused: [] },
    oddNames: NO_PATHS,
    oddTexts: NO_PATHS,
    marked: NO_PATHS,
  },
  ...{ lineEnds: { lf: 3, crlf: 0, mixed: NO_PATHS }, unread: 0 },
};

test('a workspace that reads no facts of a tree gives null, and no notes', async () => {
  expect(await readTreeFacts({ list }, AT)).toBeNull();
  expect(notesOn(null)).toEqual([]);
});

test('a tree without anything odd needs no note', async () => {
  const tree = await readTreeFacts({ list, facts: () => Promise.resolve(FACTS) }, AT);
  expect(tree).toMatchObject({ branch: 'main', uncommitted: 0, line_ends: { lf: 3 }, files_not_read: 0 });
  expect(notesOn(tree)).toEqual([]);
});

test('R13, R14, R15: there is one note for each thing that is left out', async () => {
  const facts = {
    ...FACTS,
    source: { ...FACTS.source, uncommitted: 2, isShallow: true },
    lfs: [
      { path: 'logo.png', bytes: 130, isPresent: false },
      { path: 'had.png', bytes: 130, isPresent: true },
    ],
    links: { kept: 0, refused: ['a', 'b', 'c', 'd', 'e', 'f'].map((path) => ({ path, target: '/etc' })) },
    oddTexts: { count: 1, paths: ['caf.txt'] },
  };
  expect(notesOn(await readTreeFacts({ list, facts: () => Promise.resolve(facts) }, AT))).toEqual([
    '2 uncommitted changes are not part of the build; commit those that belong to it',
    'the content of git LFS files is not here, only their pointers: logo.png',
    'links that lead out of the repository are left out: a, b, c, d, e and 1 more',
    '1 texts are not UTF-8 and are taken for latin-1: caf.txt',
    'the git history is incomplete: the repository is a shallow clone',
  ]);
});
