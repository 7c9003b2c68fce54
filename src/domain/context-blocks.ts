/**
 * Puts untrusted texts into data blocks for a model. The content cannot close its block, and its size is limited; a cut block
 * says how to see the rest.
 */
import { cutText } from './text';
import { withoutCutLine, diffsByPath } from './evidence/diff-sections';

export const BLOCK_LIMIT_CHARS = 60_000;
/** Maximum number of file names in one block. */
export const NAMES_LIMIT = 400;
const FOLDERS_LIMIT = 200;

const CLOSING_TAG = /<(\s*\/\s*data)/gi;
const ESCAPE_NOTE = 'a closing tag of data is written with a backslash after the < here';

export function dataBlock(name: string, text: string): string {
  return `<data name="${name}">\n${text.replace(CLOSING_TAG, '<\\$1')}\n</data>`;
}

/** A note for a text that the model may write back: it says that closing tags were escaped. Empty if there were none. */
export function escapeNote(text: string): string {
  return text.search(CLOSING_TAG) === -1 ? '' : `, ${ESCAPE_NOTE}`;
}

/** Returns an empty string if the content is empty or undefined. */
export function block(name: string, content: unknown): string {
  if (content === undefined || content === '') return '';
  const text = typeof content === 'string' ? content : JSON.stringify(content, null, 1);
  if (text.length <= BLOCK_LIMIT_CHARS) return dataBlock(name, text);
  const shown = cutText(text, BLOCK_LIMIT_CHARS);
  return dataBlock(name, `${shown}\n[cut: ${text.length - shown.length} more characters are not shown]`);
}

/** Lists the paths of a tree; for a large tree, its folders with their numbers of files. */
export function filesBlock(paths: readonly string[]): string {
  if (paths.length <= NAMES_LIMIT) return block('files', paths.join('\n'));
  const rootFiles = paths.filter((path) => !path.includes('/'));
  const folders = new Map<string, number>();
  for (const path of paths) {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= Math.min(2, parts.length); depth++) {
      const folder = `${parts.slice(0, depth).join('/')}/`;
      folders.set(folder, (folders.get(folder) ?? 0) + 1);
    }
  }
  const names = [...folders].sort(([a], [b]) => (a < b ? -1 : 1));
  const shown = names.slice(0, FOLDERS_LIMIT).map(([folder, count]) => `${folder} (${count} files)`);
  const omittedCount = names.length - shown.length + Math.max(0, rootFiles.length - NAMES_LIMIT);
  return block(
    'files',
    [
      `[${paths.length} files, too many to name: the folders of the first two levels, and the files of the root. The tool list shows each folder.]`,
      ...shown,
      ...rootFiles.slice(0, NAMES_LIMIT),
      ...(omittedCount > 0 ? [`[${omittedCount} more are not shown: use list]`] : []),
    ].join('\n'),
  );
}

/**
 * Shows the diff by file: as many whole files as fit, and the names of the others. `changed` has all paths of the change, also
 * those that a limit cut from `diff`.
 */
export function diffBlock(diff: string | undefined, changed: readonly string[] = []): string {
  if (diff === undefined || diff.length <= BLOCK_LIMIT_CHARS) return block('diff', diff);
  const uncutDiff = withoutCutLine(diff);
  const sections = [...diffsByPath(uncutDiff ?? diff)];
  if (sections.length === 0) return block('diff', diff);
  // The diff was cut, so its last section is incomplete.
  const incomplete = uncutDiff === undefined ? undefined : sections.at(-1)?.[1];
  const shownSections = chooseWholeSections(
    sections.map(([, section]) => section).filter((section) => section !== incomplete),
  );
  const cutSections = sections.filter(([, section]) => !shownSections.has(section));
  const sectionPaths = new Set(sections.map(([path]) => path));
  const unseenPaths = changed.filter((path) => !sectionPaths.has(path));
  const sizeOf = (section: string) => `${section === incomplete ? 'more than ' : ''}${section.length} characters`;
  const notShown = [...cutSections.map(([path, section]) => `${path} (${sizeOf(section)})`), ...unseenPaths];
  const names = notShown.slice(0, NAMES_LIMIT);
  const more =
    notShown.length > names.length ? [`and ${notShown.length - names.length} more files, which diff {} lists`] : [];
  // Keep git's order. If even the shortest section is too long, show the beginning of one.
  const shown = sections.map(([, section]) => section).filter((section) => shownSections.has(section));
  const text =
    shownSections.size > 0
      ? [...new Set(shown)].join('')
      : `${cutText(cutSections[0]?.[1] ?? '', BLOCK_LIMIT_CHARS)}\n`;
  const tail = ['[not shown whole for want of room; see each of them by the tool diff:', ...names, ...more];
  return dataBlock('diff', `${text}${tail.join('\n')}]`);
}

/** Takes the shortest sections first, so that as many as possible are shown whole. */
function chooseWholeSections(sections: string[]): Set<string> {
  const whole = new Set<string>();
  let room = BLOCK_LIMIT_CHARS;
  for (const section of [...new Set(sections)].sort((a, b) => a.length - b.length)) {
    if (section.length > room) break;
    whole.add(section);
    room -= section.length;
  }
  return whole;
}
