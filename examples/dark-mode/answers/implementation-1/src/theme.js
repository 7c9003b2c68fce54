/**
 * Light or dark: the reader's own choice where there is one, else what the system prefers.
 *
 * `styles.css` reads `data-theme` on the root element; without this script the page follows the system.
 */
const KEY = 'field-notes.theme';

/** `choice` is 'light', 'dark' or null. */
export function resolveTheme(choice, systemPrefersDark) {
  return systemPrefersDark || choice === 'dark' ? 'dark' : 'light';
}

/** The choice of an earlier visit; null where there is none, where it is no theme, or where storage is refused. */
export function readChoice(window) {
  try {
    const kept = window.localStorage.getItem(KEY);
    return kept === 'light' || kept === 'dark' ? kept : null;
  } catch {
    return null;
  }
}

function keepChoice(window, theme) {
  try {
    window.localStorage.setItem(KEY, theme);
  } catch {
    // Storage is refused or full: the choice holds for this visit.
  }
}

/** Shows the theme, and lets the button and the system change it from now on. */
export function mountTheme(window) {
  const root = window.document.documentElement;
  const button = window.document.querySelector('#theme-toggle');
  const system = window.matchMedia('(prefers-color-scheme: dark)');
  let choice = readChoice(window);

  const show = (theme) => {
    root.dataset.theme = theme;
    button.setAttribute('aria-pressed', String(theme === 'dark'));
  };

  button.addEventListener('click', () => {
    choice = root.dataset.theme === 'dark' ? 'light' : 'dark';
    keepChoice(window, choice);
    show(choice);
  });
  system.addEventListener('change', () => show(resolveTheme(choice, system.matches)));

  show(resolveTheme(choice, system.matches));
  button.hidden = false;
}
