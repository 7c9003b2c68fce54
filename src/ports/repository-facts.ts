/**
 * Facts about a build's base commit, from git and from the bytes of its files, for the repository report. Types only.
 */

export interface RepositoryFacts {
  source: SourceFacts;
  files: number;
  bytes: number;
  /** The largest files, largest first. */
  largest: Array<{ path: string; bytes: number }>;
  submodules: Array<{ path: string; commit: string; url: string | null }>;
  /** Files of git LFS; `isPresent` is true if their content was loaded, so that a checkout contains it. */
  lfs: Array<{ path: string; bytes: number; isPresent: boolean }>;
  /** Symbolic links. A checkout omits `refused` links, which are absolute or lead out of the repository. */
  links: { kept: number; refused: Array<{ path: string; target: string }> };
  /** File names that are not UTF-8. */
  oddNames: Examples;
  /** Text files that are not UTF-8. They are read and written as latin-1. */
  oddTexts: Examples;
  /** Text files that begin with a byte order mark. */
  marked: Examples;
  /** Numbers of text files by their line ends; `mixed` files have both. */
  lineEnds: { lf: number; crlf: number; mixed: Examples };
  /** The number of files whose content was not read, because a file or all files together are too large. */
  unread: number;
}

/** The number of files, and the first of them. */
export interface Examples {
  count: number;
  paths: string[];
}

/** The state of the source repository when the build's base was taken from it. */
export interface SourceFacts {
  /** The path of the requested folder in its repository; '' is the root. */
  workdir: string;
  /** The number of changed and untracked files of a local work tree. They are not part of the build. Null if it is not known. */
  uncommitted: number | null;
  /** The checked-out branch, or the default branch of a remote; null for a detached HEAD or if it is not known. */
  branch: string | null;
  /** True if the copied history is not complete. */
  isShallow: boolean;
}
