/** Edge and error cases of the theme that its own tests leave out. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mountTheme } from '../src/theme.js';

/** Opens the page with a storage that may hold anything, or refuse to be touched. */
function openPage({ systemPrefersDark, storage }) {
  const root = { dataset: {} };
  const button = new EventTarget();
  button.setAttribute = () => {};
  const system = Object.assign(new EventTarget(), { matches: systemPrefersDark });
  const window = {
    document: { documentElement: root, querySelector: () => button },
    matchMedia: () => system,
  };
  Object.defineProperty(window, 'localStorage', { get: storage });
  mountTheme(window);
  return { theme: () => root.dataset.theme, click: () => button.dispatchEvent(new Event('click')) };
}

const holding = (value) => () => ({ getItem: () => value, setItem: () => {} });
const refused = () => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

test('a light choice of an earlier visit wins on a system that prefers dark', () => {
  const page = openPage({ systemPrefersDark: true, storage: holding('light') });
  assert.equal(page.theme(), 'light');
});

test('a stored value that is no theme counts as no choice', () => {
  for (const value of ['', 'blue', 'DARK', '{"theme":"dark"}'])
    assert.equal(openPage({ systemPrefersDark: false, storage: holding(value) }).theme(), 'light');
});

test('the toggle works for this visit where storage is refused', () => {
  const page = openPage({ systemPrefersDark: true, storage: refused });
  assert.equal(page.theme(), 'dark');
  page.click();
  assert.equal(page.theme(), 'light');
});

test('no colour is written outside the list of light and dark pairs', () => {
  const styles = readFileSync(new URL('../styles.css', import.meta.url), 'utf8');
  const pairs = /--\w+: light-dark\([^)]*\);/g;
  assert.ok(styles.match(pairs).length >= 8);
  assert.doesNotMatch(styles.replace(pairs, ''), /#[0-9a-f]{3,8}\b|rgb|hsl/i);
});
