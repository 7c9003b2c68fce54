/** Sets the theme, puts the notes on the page and searches as the reader types. */
import { NOTES, dateText, newestFirst, search, summary } from './notes.js';
import { mountTheme } from './theme.js';

mountTheme(window);

const list = document.querySelector('#notes');
const count = document.querySelector('#summary');
const field = document.querySelector('#search');

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function card(note) {
  const item = element('li', 'note', '');
  const time = element('time', '', dateText(note.date));
  time.dateTime = note.date;
  const tags = element('div', '', '');
  tags.append(...note.tags.map((tag) => element('span', 'tag', tag)));
  item.append(time, element('h2', '', note.title), element('p', '', note.text), tags);
  return item;
}

function show() {
  const found = newestFirst(search(NOTES, field.value));
  list.replaceChildren(...found.map(card));
  count.textContent = summary(found.length, NOTES.length);
}

field.addEventListener('input', show);
show();
