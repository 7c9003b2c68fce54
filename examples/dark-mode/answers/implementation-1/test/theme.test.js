import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { mountTheme, resolveTheme } from '../src/theme.js';

const read = (file) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

/** What theme.js uses of a browser, and no more; `kept` is what earlier visits left in storage. */
function openPage({ systemPrefersDark = false, kept = new Map() } = {}) {
  const root = { dataset: {} };
  const button = new EventTarget();
  const attributes = new Map();
  button.hidden = true;
  button.setAttribute = (name, value) => attributes.set(name, value);
  const system = new EventTarget();
  system.matches = systemPrefersDark;
  mountTheme({
    document: { documentElement: root, querySelector: (selector) => (selector === '#theme-toggle' ? button : null) },
    matchMedia: () => system,
    localStorage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) },
  });
  return {
    kept,
    button,
    theme: () => root.dataset.theme,
    pressed: () => attributes.get('aria-pressed'),
    click: () => button.dispatchEvent(new Event('click')),
    systemTurns: (dark) => {
      system.matches = dark;
      system.dispatchEvent(new Event('change'));
    },
  };
}

/** Contrast of two `#rrggbb` colours as WCAG 2 defines it, 1 to 21. */
function contrast(a, b) {
  const light = (hex) => {
    const [r, g, b] = [1, 3, 5]
      .map((at) => parseInt(hex.slice(at, at + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const [low, high] = [light(a), light(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

test('without a choice the system preference decides', () => {
  assert.equal(resolveTheme(null, true), 'dark');
  assert.equal(resolveTheme(null, false), 'light');
  assert.equal(openPage({ systemPrefersDark: true }).theme(), 'dark');
  assert.equal(openPage({ systemPrefersDark: false }).theme(), 'light');
});

test('without a choice the page follows the system when it changes', () => {
  const page = openPage();
  page.systemTurns(true);
  assert.equal(page.theme(), 'dark');
  page.systemTurns(false);
  assert.equal(page.theme(), 'light');
});

test('the toggle overrides the system preference', () => {
  const page = openPage();
  page.click();
  assert.equal(page.theme(), 'dark');
  page.click();
  assert.equal(page.theme(), 'light');
});

test('the choice is remembered on the next visit', () => {
  const page = openPage();
  page.click();
  assert.equal(openPage({ kept: page.kept }).theme(), 'dark');
});

test('text has a contrast of at least 4.5:1 in both themes', () => {
  const colours = new Map(
    [...read('styles.css').matchAll(/--(\w+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
      ([, name, light, dark]) => [name, { light, dark }],
    ),
  );
  const pairs = ['ink/paper', 'ink/card', 'muted/paper', 'muted/card', 'accent/card', 'accent/tint'];
  for (const theme of ['light', 'dark'])
    for (const pair of pairs) {
      const [text, ground] = pair.split('/').map((name) => colours.get(name)[theme]);
      const measured = contrast(text, ground);
      assert.ok(measured >= 4.5, `${theme} ${pair}: ${measured.toFixed(2)}:1`);
    }
});

test('the toggle is a named button that tells its state', () => {
  assert.match(
    read('index.html'),
    /<button id="theme-toggle"[^>]* type="button" aria-pressed="false" hidden>Dark mode<\/button>/,
  );
  const page = openPage();
  assert.equal(page.button.hidden, false);
  assert.equal(page.pressed(), 'false');
  page.click();
  assert.equal(page.pressed(), 'true');
});
