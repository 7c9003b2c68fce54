import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NOTES, newestFirst } from '../src/notes.js';

/** As much of an element as src/main.js touches. */
function element() {
  const heard = {};
  return {
    dataset: {},
    children: [],
    value: '',
    setAttribute() {},
    append(...more) {
      this.children.push(...more);
    },
    replaceChildren(...all) {
      this.children = all;
    },
    addEventListener(name, hear) {
      heard[name] = hear;
    },
    fire: (name) => heard[name](),
  };
}

test('the page shows the newest note first, and searches as the reader types', async () => {
  const places = { '#notes': element(), '#summary': element(), '#search': element(), '#theme-toggle': element() };
  const document = { documentElement: element(), createElement: element, querySelector: (name) => places[name] };
  const localStorage = { getItem: () => null, setItem() {} };
  const matchMedia = () => ({ matches: true, addEventListener() {} });
  Object.assign(globalThis, { document, window: { document, localStorage, matchMedia } });

  await import('../src/main.js');
  assert.equal(document.documentElement.dataset.theme, 'dark');
  const titles = () => places['#notes'].children.map((card) => card.children[1].textContent);
  assert.deepEqual(
    titles(),
    newestFirst(NOTES).map((note) => note.title),
  );
  assert.equal(places['#summary'].textContent, '6 notes');

  places['#search'].value = 'mill';
  places['#search'].fire('input');
  assert.deepEqual(titles(), ['Ice on the mill pond']);
  assert.equal(places['#summary'].textContent, '1 of 6 notes');
});
