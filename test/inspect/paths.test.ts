/** Checks which paths a model may name. */
import { linkStaysInside, pathProblem, staysBelow } from '../../src/inspect/paths';

test.each([
  '',
  '/',
  '/etc/passwd',
  '//server/share',
  '..',
  '../x',
  'a/../b',
  'a/..',
  '.',
  './a',
  'a/./b',
  'a//b',
  'a/',
  '.git',
  '.git/config',
  '.GIT/hooks/pre-commit',
  'a/.Git/config',
  '.git./config',
  '.git /config',
  '.git. . /config',
  'git~1/config',
  'GIT~1',
  'GIT~2/x',
  '.git::$INDEX_ALLOCATION/config',
  '.git:stream',
  '.g\u200cit/config',
  '\u200d.git/config',
  '.gi\ufefft/config',
  '.\uff47it/config',
  'a\\b',
  '..\\x',
  'a\0b',
  'a\nb',
  'a\u001bb',
  'a\u0085b',
  'a\u202eb',
  'C:/windows',
  'c:x',
  '.gitmodules',
  'sub/.GitModules',
  'GITMOD~1',
  'x'.repeat(401),
  `${'x'.repeat(256)}`,
  Array.from({ length: 41 }, () => 'd').join('/'),
  'a\ud800b',
])('the path %j is refused, with a reason', (path) => {
  expect(pathProblem(path)).toMatch(/^(it|a component|submodules) /);
});

test.each([
  'a',
  'src/main.ts',
  '.gitignore',
  '.gitattributes',
  '.github/workflows/ci.yml',
  'a..b',
  '...',
  '-rf',
  'sp ace/ümläut-文.md',
  'git',
  'x.git',
  '.gitx/y',
  'ab:c',
  'x'.repeat(255),
])('the path %j is allowed', (path) => {
  expect(pathProblem(path)).toBeUndefined();
});

test.each([
  ['a', 'b', true],
  ['d/a', '../b', true],
  ['d/a', '..', true],
  ['a', './b/c', true],
  ['a', '..', false],
  ['d/a', '../../b', false],
  ['a', '/etc/passwd', false],
  ['d/a', 'x/../../../b', false],
  ['a', 'b/..', true],
  ['a', './b/../c', true],
  ['d/a', 'x/../../b', true],
  ['a', '', false],
])('a link at %j to %j stays inside: %j', (path, target, expected) => {
  expect(linkStaysInside(path, target)).toBe(expected);
});

test.each([
  ['R14: `d/up` leads to the root, so `d/up/..` is outside', 'd/b', 'up/../x', false],
  ['a link by way of one that leads out', 'b', 'out/x', false],
  ['a link by way of an absolute one', 'b', 'abs/x', false],
  ['R14: a link by way of one that stays', 'd/b', 'up/d/../x', true],
  ['links in a circle lead nowhere', 'b', 'ring/x', true],
])('%s', (_, path, target, expected) => {
  const links = new Map([
    ['d/up', '..'],
    ['out', '../elsewhere'],
    ['abs', '/etc'],
    ['ring', 'ring'],
  ]);
  expect(linkStaysInside(path, target, (at) => links.get(at))).toBe(expected);
});

test.each(['na\\xefve', 'd\\xe9p\\xf4t/a', '\\x80'])(
  'R13: the path %j has bytes that are not UTF-8 and is allowed',
  (path) => {
    expect(pathProblem(path)).toBeUndefined();
  },
);

test.each(['../a', '/a', 'a/../b', '.git/x', 'a/.GIT/x', '', 'a//b'])(
  'the tree path %j is refused when a tree is written to a folder',
  (path) => {
    expect(staysBelow(path)).toBe(false);
  },
);
