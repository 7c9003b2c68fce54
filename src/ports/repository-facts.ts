/**
 * What git and the files' bytes say of the commit that a build starts from, for the repository report. Types only.
 */

export interface RepositoryFacts {
  source: SourceFacts;
  files: number;
  bytes: number;
  /** The largest files, largest first. */
  largest: Array<{ path: string; bytes: number }>;
  submodules: Array<{ path: string; commit: string; url: string | null }>;
  /** Files that git LFS keeps elsewhere; `isPresent` where their content was had and stands in a checkout. */
  lfs: Array<{ path: string; bytes: number; isPresent: boolean }>;
  /** Links that lead out of the repository, or are absolute, are not made in a checkout. */
  links: { kept: number; refused: Array<{ path: string; target: string }> };
  /** Names with bytes that are not UTF-8. */
  oddNames: Examples;
  /** Texts that are not UTF-8: read and written as latin-1. */
  oddTexts: Examples;
  /** Texts that begin with a byte order mark. */
  marked: Examples;
  /** Texts by the end of their lines; `mixed` have both. */
  lineEnds: { lf: number; crlf: number; mixed: Examples };
  /** Files whose content was not looked at, because they, or all together, are too large. */
  unread: number;
}

/** How many there are, and the first of them. */
export interface Examples {
  count: number;
  paths: string[];
}

/** What was seen of the repository that was given, when the build's base was taken from it. */
export interface SourceFacts {
  /** The given folder in its repository; '' is the root. */
  workdir: string;
  /** Changed and untracked files of a local work tree, which are not part of the build; null where there is none, or it was not counted. */
  uncommitted: number | null;
  /** The branch that was checked out, or the remote's default one; null for a detached HEAD, and where it is not known. */
  branch: string | null;
  /** True where the history that was taken in is not whole. */
  isShallow: boolean;
}
