/**
 * The type of an origin, and helpers for the readers that find them. An origin is a part of a file that says where code
 * comes from, or that runs code, and that no rule knows to be safe.
 *
 * A reader lists all origins in one text. `unknown-origins.ts` removes those that the text before the change also has.
 */
export type Origin = {
  /** What the part does, and its text. Equal texts mean the same origin. */
  what: string;
  /** Set if none of the code runs during installation. */
  runsAfterInstallation?: true;
} & (
  | {
      /** The line number from 1. */
      line: number;
    }
  | {
      /** Words of the line. The line number is searched later, and only for new origins. */
      needle: string;
    }
);

export interface OriginFile {
  /** The path in the repository. */
  path: string;
  /** The text at the base commit; null if there was none. */
  before: string | null;
  /** Names of the npm packages that the project declares. */
  declared: ReadonlySet<string>;
  /** True for a path that is read as a manifest if it changes. */
  isRead(path: string): boolean;
  /** True if the change adds an import of this Go module. */
  importsModule(module: string): boolean;
}

export type OriginReader = (text: string, file: OriginFile) => Origin[];

const SHOWN_CHARS = 160;

/** Shortens text of a file to one line for a finding. */
export function shorten(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > SHOWN_CHARS ? `${flat.slice(0, SHOWN_CHARS - 1)}…` : flat;
}

export function originAt(needle: string, what: string): Origin {
  return { needle, what };
}

/** Returns the lines with their numbers, without empty lines and comments. */
export function codeLines(text: string, comment = /^(#|\/\/)/): Array<{ line: number; text: string }> {
  return text
    .split(/\r?\n/)
    .map((one, index) => ({ line: index + 1, text: one.trim() }))
    .filter((one) => one.text !== '' && !comment.test(one.text));
}

/** Returns the lines that the old text did not have at any place. */
export function newLines(text: string, { before }: Pick<OriginFile, 'before'>): Array<{ line: number; text: string }> {
  const known = new Set((before ?? '').split(/\r?\n/).map((line) => line.trim()));
  return codeLines(text).filter((one) => !known.has(one.text));
}
