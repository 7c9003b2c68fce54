/**
 * Tests the list of repository shapes. `npm run works-with` builds them; `--self-check` checks them without the product.
 */
import { projectIdOf } from '../../works-with/run-shape';
import { SAMPLE } from '../../works-with/sample';
import { SHAPES } from '../../works-with/shapes';

test('there are at least 60 shapes, each with its own name and project id', () => {
  expect(SHAPES.length).toBeGreaterThanOrEqual(60);
  expect(new Set(SHAPES.map(({ name }) => name)).size).toBe(SHAPES.length);
  expect(new Set(SHAPES.map(({ name }) => projectIdOf(name))).size).toBe(SHAPES.length);
});

test('the sample names six shapes of the list', () => {
  expect(new Set(SAMPLE).size).toBe(6);
  expect(SHAPES.map(({ name }) => name)).toEqual(expect.arrayContaining([...SAMPLE]));
});

test('the change of each shape changes each code file that it writes, and overwrites no old test', () => {
  for (const { name, base, work } of SHAPES) {
    expect({ name, overwritten: Object.keys(work.tests).filter((path) => path in base) }).toEqual({
      name,
      overwritten: [],
    });
    expect(Object.entries(work.code).every(([path, text]) => base[path] !== text)).toBe(true);
  }
});

test('no lock file names a registry other than the public ones', () => {
  const texts = SHAPES.flatMap(({ base }) => Object.values(base)).filter((text) => typeof text === 'string');
  const hosts = texts
    .flatMap((text) => [...text.matchAll(/resolved"?:? "(https?:\/\/[^/"]+)/g)])
    .map(([, host]) => host);
  expect(new Set(hosts)).toEqual(new Set(['https://registry.npmjs.org', 'https://registry.yarnpkg.com']));
});
