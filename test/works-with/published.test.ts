/**
 * Tests the list of real changes that `npm run corpus -- --real` builds.
 */
import { PUBLISHED } from '../../works-with/replay/published';
import { nameOf } from '../../works-with/replay/published-commits';

const DIGEST = {
  go: /^h1:[A-Za-z0-9+/]{43}=$/,
  crate: /^[0-9a-f]{64}$/,
  pypi: /^[0-9a-f]{64}$/,
  npm: /^sha512-[A-Za-z0-9+/]{86}==$/,
} as const;

test('there are at least 30 real changes from four registries, each with its own name', () => {
  expect(PUBLISHED.length).toBeGreaterThanOrEqual(30);
  expect(new Set(PUBLISHED.map(({ ecosystem }) => ecosystem))).toEqual(new Set(['go', 'crate', 'pypi', 'npm']));
  expect(new Set(PUBLISHED.map(nameOf)).size).toBe(PUBLISHED.length);
});

test('both versions of a change have a digest in the form of their registry, and the digests differ', () => {
  for (const { ecosystem, name, from, to } of PUBLISHED) {
    expect([name, from.version, DIGEST[ecosystem].test(from.hash)]).toEqual([name, from.version, true]);
    expect([name, to.version, DIGEST[ecosystem].test(to.hash)]).toEqual([name, to.version, true]);
    expect(from.hash).not.toBe(to.hash);
  }
});
