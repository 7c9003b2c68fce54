/**
 * The lists of well-known packages that `npm run popular` makes.
 */
import { POPULAR_NPM, POPULAR_PYPI } from '../../src/domain/packages/popular';
import npm from '../../src/domain/packages/popular-npm.json';
import pypi from '../../src/domain/packages/popular-pypi.json';
import { listOf } from './popular';

test.each([
  ['npm', npm, POPULAR_NPM],
  ['PyPI', pypi, POPULAR_PYPI],
])('the list of %s says from what it was made and when, and is as the script makes it', (_name, list, names) => {
  expect(list.source).not.toBe('');
  expect(list.date).toMatch(/^20\d\d-\d\d-\d\d$/);
  expect(listOf(list.source, list.date, [...names])).toEqual(list);
});

test('the lists have the names that squatters imitate', () => {
  for (const name of [
    'express',
    'react',
    'lodash',
    'left-pad',
    '@types/node',
    '@anthropic-ai/sdk',
    'zod',
    'discord.js',
  ])
    expect(POPULAR_NPM).toContain(name);
  for (const name of ['requests', 'numpy', 'beautifulsoup4', 'python-dateutil', 'torch', 'openai', 'discord-py'])
    expect(POPULAR_PYPI).toContain(name);
});

test('a list that is not the one that was meant is refused', () => {
  const names = Array.from({ length: 1_000 }, (_, index) => `package-${index}`);
  expect(
    listOf('x', '2026-01-01', [...names, ...names])
      .names.join(' ')
      .split(' '),
  ).toEqual(names);
  expect(() => listOf('x', '2026-01-01', names.slice(1))).toThrow('x has 999 names');
  expect(() => listOf('x', '2026-01-01', [...names, '<html>'])).toThrow('names of another form: <html>');
});
