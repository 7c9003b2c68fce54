/** The notes, and what can be done with them: search, order, words for a date and a count. No DOM in here. */

export const NOTES = [
  {
    date: '2026-03-02',
    title: 'Ice on the mill pond',
    text: 'Thin as a window. A wagtail tried it, thought again, and walked around.',
    tags: ['frost', 'bird'],
  },
  {
    date: '2026-03-19',
    title: 'First coltsfoot',
    text: 'Eleven yellow heads on the gravel bank, before a single leaf.',
    tags: ['flower'],
  },
  {
    date: '2026-04-05',
    title: 'The heron’s corner',
    text: 'It stood for twenty minutes. I gave up first, and heard the splash behind me.',
    tags: ['bird', 'morning'],
  },
  {
    date: '2026-04-21',
    title: 'Mayflies at dusk',
    text: 'A column of them over the weir, rising and falling like something that breathes.',
    tags: ['insect', 'evening'],
  },
  {
    date: '2026-05-09',
    title: 'Otter prints',
    text: 'Five toes and a drag of the tail, from the reeds to the flat stone and back.',
    tags: ['mammal', 'morning'],
  },
  {
    date: '2026-05-30',
    title: 'Elder in bloom',
    text: 'The whole lane smells of it after rain. Bees in every plate of flowers.',
    tags: ['flower', 'insect'],
  },
];

/** The notes that hold every word of `text` in title, text or tags; upper and lower case are the same. */
export function search(notes, text) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return notes.filter((note) => {
    const hay = [note.title, note.text, ...note.tags].join(' ').toLowerCase();
    return words.every((word) => hay.includes(word));
  });
}

/** A new list, latest date first. */
export function newestFirst(notes) {
  return [...notes].sort((a, b) => b.date.localeCompare(a.date));
}

/** `2026-03-02` as `2 March 2026`. */
export function dateText(date) {
  const format = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
  return format.format(new Date(`${date}T00:00:00Z`));
}

export function summary(shown, total) {
  if (shown === 0) return 'No note has these words';
  return shown === total ? `${total} notes` : `${shown} of ${total} notes`;
}
