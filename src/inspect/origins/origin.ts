/**
 * One form that fetches, replaces or runs code in a way that is not known to be safe, and what a reader of such forms is given.
 *
 * A reader lists all unknown forms of one text. What the text before the change has, too, is taken away by `unknown-origins.ts`.
 */
export type Origin = {
  /** What the form does, and the form itself. Equal texts are the same form. */
  what: string;
  /** Nothing of it runs when packages are installed. */
  isLater?: true;
} & (
  | {
      /** Counts from 1. */
      line: number;
    }
  | {
      /** Words of the line: its number is looked for only where the form is new. */
      needle: string;
    }
);

export interface OriginFile {
  /** Path in the tree. */
  path: string;
  /** The text at the base; null where there was none. */
  before: string | null;
  /** Names of the npm packages that the tree declares. */
  declared: ReadonlySet<string>;
  /** True for a path that is read as a manifest when it changes. */
  isRead(path: string): boolean;
  /** True where the change adds a line of source that imports this Go module. */
  importsModule(module: string): boolean;
}

export type OriginReader = (text: string, file: OriginFile) => Origin[];

const SHOWN_CHARS = 160;

/** Foreign text in a reason: one line, bounded. */
export function shown(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > SHOWN_CHARS ? `${flat.slice(0, SHOWN_CHARS - 1)}…` : flat;
}

export function originAt(needle: string, what: string): Origin {
  return { needle, what };
}

/** The lines of a text with their numbers, without those that are empty or begin with a mark of a comment. */
export function codeLines(text: string, comment = /^(#|\/\/)/): Array<{ line: number; text: string }> {
  return text
    .split(/\r?\n/)
    .map((one, index) => ({ line: index + 1, text: one.trim() }))
    .filter((one) => one.text !== '' && !comment.test(one.text));
}

/** Lines that the text before did not have, whatever their place. */
export function newLines(text: string, { before }: Pick<OriginFile, 'before'>): Array<{ line: number; text: string }> {
  const known = new Set((before ?? '').split(/\r?\n/).map((line) => line.trim()));
  return codeLines(text).filter((one) => !known.has(one.text));
}
