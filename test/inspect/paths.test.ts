/** The paths a model may name, by table. */
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
  ['a', 'b/..', false],
  ['a', '', false],
])('a link at %j to %j stays inside: %j', (path, target, expected) => {
  expect(linkStaysInside(path, target)).toBe(expected);
});

test.each(['../a', '/a', 'a/../b', '.git/x', 'a/.GIT/x', '', 'a//b'])(
  'the tree path %j is never written below a folder',
  (path) => {
    expect(staysBelow(path)).toBe(false);
  },
);
