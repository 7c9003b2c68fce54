/** Gate `dependencies`: problems found in the registry, in the lock file, or in a package's name. */
import { dependencies } from '../../../src/domain/gates/dependencies';
import { verdictOf } from '../../../src/domain/gates/gate';
import type { DependencyFact, PackageRecord } from '../../../src/domain/packages/facts';
import { editDistance } from '../../../src/domain/packages/edit-distance';
import { nearMissOf } from '../../../src/domain/packages/near-miss';
import type { ChangeFacts } from '../../../src/domain/gates/facts';
import { daysAgo, dependency, goodFacts, NOW } from './facts';

const judgeAll = (found: Partial<ChangeFacts['dependencies']>) => {
  const noFindings = { changed: [], undeclared: [], unreadable: [] };
  return verdictOf(
    'dependencies',
    dependencies.judge(goodFacts({ now: NOW, dependencies: { ...noFindings, ...found } })),
  );
};
const judge = (over: Partial<DependencyFact>) => judgeAll({ changed: [dependency(over)] });
const knownPackage = (over: Partial<PackageRecord>, version: object = {}): Partial<DependencyFact> => {
  const one = { publishedAt: daysAgo(100), deprecated: false, integrity: ['sha512-good'], ...version };
  return {
    registry: { state: 'known', package: { firstPublishedAt: daysAgo(2_000), versions: { '1.2.3': one }, ...over } },
  };
};

test.each<[string, Partial<DependencyFact>, RegExp]>([
  ['does not exist', { registry: { state: 'absent' } }, /does not exist in the registry/],
  [
    'could not be looked up',
    { registry: { state: 'unknown', why: 'the registry could not be reached' } },
    /could not be reached/,
  ],
  ['was never looked up', { registry: { state: 'unasked' } }, /was not looked up/],
  ['has no such version', knownPackage({ versions: {} }), /no version 1\.2\.3/],
  ['has a version published yesterday', knownPackage({}, { publishedAt: daysAgo(1) }), /1 days ago; it takes 3/],
  [
    'was first published last week',
    knownPackage({ firstPublishedAt: daysAgo(7) }),
    /first published 7 days ago; it takes 30/,
  ],
  ['has no date', knownPackage({}, { publishedAt: null }), /does not say/],
  ['is deprecated', knownPackage({}, { deprecated: true }), /deprecated/],
  ['has no lock', { lock: { state: 'no_lock' } }, /commit the lock file/],
  ['is not in the lock', { lock: { state: 'unlisted' } }, /not in the lock file/],
  ['has no integrity', { lock: { state: 'listed', integrity: null } }, /no integrity/],
  ['has another integrity', { lock: { state: 'listed', integrity: 'sha512-other' } }, /another integrity/],
  ['resembles a well-known name', { name: 'expresss' }, /looks like express/],
])('a package that %s does not pass', (_name, over, reason) => {
  const { pass, reasons } = judge(over);
  expect(pass).toBe(false);
  expect(reasons.join('\n')).toMatch(reason);
});

test.each<[string, Partial<DependencyFact>]>([
  ['from the registry, locked', {}],
  ['locked by a digest of another kind than the registry has', { lock: { state: 'listed', integrity: 'sha1-old' } }],
  ['of this repository', { source: 'local', spec: 'workspace:*', version: null, registry: { state: 'unasked' } }],
  ['P10: of a project that locks nothing', { version: null, lock: { state: 'unkept' } }],
  [
    'from elsewhere, which gate origins judges',
    { source: 'other', spec: 'github:a/b', registry: { state: 'unasked' } },
  ],
  ['pinned in requirements', { ecosystem: 'pypi', lock: { state: 'pinned' } }],
  ['deep in the lock, with a name like another', { name: 'expresss', direct: false }],
])('a package %s passes', (_name, over) => {
  expect(judge(over).reasons).toEqual([]);
});

test('undeclared imports, and code from a URL, do not pass', () => {
  const undeclared = [
    { ecosystem: 'npm' as const, path: 'src/a.js', line: 2, name: 'left-pad', kind: 'undeclared' as const },
    { ecosystem: 'npm' as const, path: 'src/a.js', line: 3, name: 'https://x.example/a.js', kind: 'remote' as const },
  ];
  const { reasons } = judgeAll({ undeclared });
  expect(reasons).toEqual(['src/a.js:2 imports left-pad, which nothing declares', 'src/a.js:3 loads code from a url']);
});

test.each([
  ['npm', 'lodahs', 'lodash'],
  ['npm', 'expres', 'express'],
  ['npm', 'cros-env', 'cross-env'],
  ['npm', 'crossenv', 'cross-env'],
  ['npm', 'babelcore', '@babel/core'],
  ['npm', '@typse/node', '@types/node'],
  ['npm', 'types-node', '@types/node'],
  ['npm', 'l0dash', 'lodash'],
  ['npm', 'aхios', 'axios'],
  ['npm', 'node_fetch', 'node-fetch'],
  ['npm', 'styled-componets', 'styled-components'],
  ['pypi', 'reqeusts', 'requests'],
  ['pypi', 'request5', 'requests'],
  ['pypi', 'beautifulsoup', 'beautifulsoup4'],
  ['pypi', 'python-dateutl', 'python-dateutil'],
  ['pypi', 'djang0', 'django'],
] as const)('%s: %s looks like %s', (ecosystem, name, meant) => {
  expect(nearMissOf(ecosystem, name, null)).toBe(meant);
});

test.each([
  ['npm', 'lodash'],
  ['npm', 'quiet-theme-store'],
  ['npm', '@types/nodemailer'],
  ['npm', '@acme/lodash'],
  ['npm', 'ms'],
  ['pypi', 'Flask_Cors'],
  ['pypi', 'field-notes'],
] as const)('%s: %s is no misspelling', (ecosystem, name) => {
  expect(nearMissOf(ecosystem, name, null)).toBeNull();
});

test('an old package with many versions may have a similar name, but no look-alike letters', () => {
  const versions = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `1.${index}.0`,
      { publishedAt: daysAgo(900 - index * 60), deprecated: false, integrity: [] },
    ]),
  );
  const record = { firstPublishedAt: daysAgo(900), versions };
  expect(nearMissOf('npm', 'expresss', null)).toBe('express');
  expect(nearMissOf('npm', 'expresss', record)).toBeNull();
  expect(nearMissOf('npm', 'fs.extra', null)).toBe('fs-extra');
  expect(nearMissOf('npm', 'fs.extra', record)).toBeNull();
  expect(nearMissOf('npm', 'l0dash', record)).toBe('lodash');
  expect(nearMissOf('npm', 'aхios', record)).toBe('axios');
});

test.each([
  ['abc', 'abc', 0],
  ['abc', 'acb', 1],
  ['abc', 'ab', 1],
  ['abc', 'axc', 1],
  ['abc', 'xyz', 3],
])('the edit distance from %s to %s is %d', (a, b, distance) => {
  expect(editDistance(a, b, 2)).toBe(distance);
});
