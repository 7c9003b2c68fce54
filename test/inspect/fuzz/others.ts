/** Lists the readers of foreign text outside of src/inspect. */
import { createJunitReader } from '../../../src/adapters/runners/junit';
import { diffsByPath, sectionsOf } from '../../../src/domain/evidence/diff-sections';
import { hasSameTests, onlyAddsTests } from '../../../src/domain/evidence/test-edits';
import { changesOf } from '../../../src/domain/experiments/changed-files';
import { claimsWithoutEvidence } from '../../../src/domain/gates/release-claims';
import { findHalfCharacter, loneSurrogateAt } from '../../../src/domain/text';
import { ANY, TESTS } from './places';
import type { Feed, Reader } from './types';

const OTHER_READERS: Array<[id: string, feed: Feed, paths?: readonly string[]]> = [
  [
    'junit',
    (text) => {
      const reader = createJunitReader();
      for (let at = 0; at < text.length; at += 65_536) reader.write(text.slice(at, at + 65_536));
      return reader.end();
    },
  ],
  [
    'junit below a suite',
    (text) => {
      const reader = createJunitReader();
      reader.write('<testsuites><testsuite name="a"><testcase name="a"><failure>');
      for (let at = 0; at < text.length; at += 65_536) reader.write(text.slice(at, at + 65_536));
      return reader.end();
    },
  ],
  ['diff', (text) => [diffsByPath(text), sectionsOf(text, 'a'), changesOf(text)]],
  ['half characters', (text) => [loneSurrogateAt(text), findHalfCharacter({ a: [text] })]],
  ['claims', (text) => claimsWithoutEvidence(text, text)],
  ['only adds tests', (text, path) => onlyAddsTests(text.slice(0, text.length / 2), text, path), TESTS],
  ['same tests', (text, path) => hasSameTests({ path, text }, { path: `b/${path}`, text }, () => true), TESTS],
];

export const OTHERS: Reader[] = OTHER_READERS.map(([id, feed, paths = ANY]) => ({ id: `other#${id}`, feed, paths }));
