import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { NOTES, dateText, newestFirst, search, summary } from '../src/notes.js';

test('a search finds words in titles, texts and tags, in upper or lower case', () => {
  const titles = (text) => search(NOTES, text).map((note) => note.title);
  assert.deepEqual(titles('MILL'), ['Ice on the mill pond']);
  assert.deepEqual(titles('bird morning'), ['The heron’s corner']);
  assert.deepEqual(titles('whale'), []);
});

test('an empty search finds every note', () => {
  assert.equal(search(NOTES, '  ').length, NOTES.length);
});

test('the newest note comes first, and the list given stays as it was', () => {
  const given = [{ date: '2026-01-01' }, { date: '2026-02-01' }];
  assert.deepEqual(newestFirst(given), [{ date: '2026-02-01' }, { date: '2026-01-01' }]);
  assert.equal(given[0].date, '2026-01-01');
});

test('dates and counts are written for people', () => {
  assert.equal(dateText('2026-03-02'), '2 March 2026');
  assert.equal(summary(6, 6), '6 notes');
  assert.equal(summary(2, 6), '2 of 6 notes');
  assert.equal(summary(0, 6), 'No note has these words');
});

test('the page names only files that exist', () => {
  const page = readFileSync(new URL('../index.html', import.meta.url), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g)].map((match) => match[1]);
  assert.ok(named.length >= 2);
  for (const file of named) assert.ok(existsSync(new URL(`../${file}`, import.meta.url)), file);
});
