/**
 * The workspace: the git repositories of projects, with one branch for each build. Types only.
 */
import type { ChangedFile } from '../domain/gates/facts';
import type { RepositoryFacts } from './repository-facts';
import type { BuildLine } from '../domain/ids';
import type { WorkMark } from '../domain/trailer';
import type { PathChange } from '../domain/evidence/tampering';

/**
 * A change of one file. A path is text in UTF-8: a byte that is not UTF-8 is written `\xHH`, a backslash `\x5c` (`inspect/path-bytes.ts`).
 */
export interface FileChange {
  path: string;
  /**
   * The new text; null without `base64` deletes the file. The file keeps its encoding and byte order mark, and also its line ends if
   * the text has no CR (decision 0014).
   */
  content: string | null;
  /** The new bytes; `content` is then null. */
  base64?: string | null | undefined;
  /** The mode. Absent: an old file keeps its mode, also if the build has deleted it before; a new file is not executable. */
  executable?: boolean | null | undefined;
}

/** Access to the git repositories of builds. Every operation works on commits; no work tree is shared. */
export interface Workspace {
  /**
   * Makes the project's bare repository if it is missing, fetches `repository`, and gives the build's base commit. Idempotent.
   * `isLook`: only the report is wanted, so no branch is made, and the caller calls `forget` at the end.
   */
  prepare(input: RepoId & { repository?: RepositorySource | undefined; isLook?: boolean }): Promise<{ commit: string }>;
  /** Removes what `prepare` stored with `isLook`. Idempotent. */
  forget(repo: RepoId): Promise<void>;
  /** Gives facts for the repository report. `source` is about the time when the build's base was taken. */
  facts(at: TreeAt): Promise<RepositoryFacts>;
  /** Gives the path of the requested folder in its repository; '' is the root. */
  givenFolder(at: RepoId): Promise<string>;
  list(at: TreeAt): Promise<Array<{ path: string; bytes: number }>>;
  /** Reads a text file; if it is not UTF-8, as latin-1. Throws Failure `Workspace.PathRefused` for a missing or forbidden path. */
  read(at: TreeAt, path: string): Promise<string>;
  /** Reads a text file as `read` does, and gives its encoding and size too. A byte order mark stays in the text. */
  readFile(at: TreeAt, path: string): Promise<{ text: string; encoding: 'utf-8' | 'latin-1'; bytes: number }>;
  /** Gives the first lines that contain the text: at most 50 of a file, and 500 in all. */
  search(at: TreeAt, text: string): Promise<Array<{ path: string; line: number; text: string }>>;
  /** Gives all text files that contain the text. */
  filesWith(at: TreeAt, text: string): Promise<string[]>;
  /** Gives one page of the lines in text files that match. Limited in bytes and time. */
  grep(at: TreeAt, query: TextQuery): Promise<GrepResult>;
  /** Gives commits of the history of `at.commit`, newest first; with `path`, those that changed the file or folder. */
  log(at: TreeAt, input: { path?: string | undefined; from: number; count: number }): Promise<LogPage>;
  /** Gives the commit and author of each line. Throws Failure `Workspace.PathRefused` as `readFile`, `Workspace.TooLarge` after a time limit. */
  blame(at: TreeAt, input: { path: string; from: number; count: number }): Promise<BlamePage>;
  /** Applies the changes to the tree of `at.commit` and gives a new commit, to which no branch points yet. */
  apply(at: TreeAt, changes: FileChange[], message: string): Promise<{ commit: string }>;
  /** Moves one file, with its bytes, in the same way; `from` may equal `to`. `executable` null keeps the mode. */
  move(at: TreeAt, input: FileMove, message: string): Promise<{ commit: string }>;
  /**
   * Publishes a phase's work: one commit on the build's branch with the files of the draft commit and the parent `at.commit`. Its
   * trailer names build, phase, generation and attempt; if the branch has a commit with that trailer, this commit is the result.
   * `pushed`: the commit that was pushed, which becomes the second parent. Throws Failure `Workspace.Overtaken` if the branch has
   * moved elsewhere.
   */
  publish(
    at: TreeAt,
    input: { draftCommit: string; message: string; mark: WorkMark; pushed?: string | undefined },
  ): Promise<{ commit: string; changed: string[] }>;
  /**
   * Gives the commit that was pushed for the build in this generation on top of `at.commit`; undefined if none was. Throws Failure
   * `Workspace.PathRefused` if it changes a path that no role may write.
   */
  pushed(at: TreeAt, generation: number): Promise<{ commit: string } | undefined>;
  /** Gives a unified diff of at most 1 MiB; a longer diff is cut and ends in the line of `cutDiffLine` (`domain/evidence/diff-sections.ts`). */
  diff(repo: RepoId, from: string, to: string): Promise<string>;
  /**
   * Gives the diff of one path, of at most 8 MiB; `isWhole` is false if it was cut. For a moved file it includes the old name. Empty
   * if the path does not differ. Throws Failure `Workspace.TooLarge` after a time limit.
   */
  diffOf(repo: RepoId, span: { from: string; to: string; path: string }): Promise<{ text: string; isWhole: boolean }>;
  /** Gives every path that differs between two commits; a moved file counts as one deleted and one added. */
  changes(repo: RepoId, from: string, to: string): Promise<ChangedFile[]>;
  /** Gives the same paths with git's ids of the contents before and after. */
  contentChanges(repo: RepoId, from: string, to: string): Promise<PathChange[]>;
  /** Gives the added lines of all files with their new line numbers; `isWhole` is false if a limit cut the list. */
  addedLines(repo: RepoId, from: string, to: string): Promise<{ lines: AddedLine[]; isWhole: boolean }>;
  /** Gives the commits of the build's branch after `from` up to `to`, oldest first, with the paths that each changed. */
  line(repo: RepoId, from: string, to: string): Promise<Array<{ commit: string; message: string; paths: string[] }>>;
  /** Gives the messages of all commits after `from` up to `to`, including pushed commits, which are second parents. */
  messages(repo: RepoId, from: string, to: string): Promise<Array<{ commit: string; message: string }>>;
  /** Gives the texts of regular files of at most 16 MiB. Files that are missing, larger or no text are left out. */
  contents(at: TreeAt, paths: string[]): Promise<Map<string, string>>;
  /** Gives every file, link and submodule of the tree; `id` is git's id of the content. */
  entries(at: TreeAt): Promise<TreeItem[]>;
  /**
   * Makes a separate `.git` folder in the empty folder `into`, with the commit's history, its tags and an index, without hooks and
   * remotes. `onTop` is such a folder of an ancestor commit, whose packs are shared by hard links. The history is shallow if it is
   * larger than a limit.
   */
  history(
    at: TreeAt,
    input: { into: string; onTop?: { folder: string; commit: string } | undefined },
  ): Promise<{ isShallow: boolean }>;
  /**
   * Writes `at.commit` as a new branch into the repository of the start request. If the branch exists at the same commit, it counts as
   * written; if it exists at another commit, it is not changed.
   */
  deliver(at: TreeAt, order: DeliveryOrder): Promise<Delivery>;
  /** Writes the tree of the commit into an empty folder. */
  checkout(at: TreeAt, folder: string): Promise<void>;
  /**
   * Resets the build's branch to `at.commit`. `generation` is the generation that ends: its commits stay reachable under
   * `refs/parked/<build>/g<generation>`, and publishing work of it or an earlier generation fails with `Workspace.Overtaken`.
   */
  restore(at: TreeAt, input: { generation: number }): Promise<void>;
}
export interface TextQuery {
  /** A regular expression: PCRE if git supports it, else POSIX extended. With `isLiteral`: a plain text. */
  pattern: string;
  isLiteral: boolean;
  ignoreCase: boolean;
  /** The files to search; absent: all. */
  paths?: string[] | undefined;
  /** Lines to show before and after each hit. */
  context: number;
  /** The first hit of the page, from 1. */
  from: number;
  /** The number of hits on the page. */
  count: number;
}
export type GrepResult =
  | {
      kind: 'found';
      /** The number of hits of all pages; each matching line is one hit. */
      hits: number;
      files: number;
      /** False if a limit ended the search, so that there may be more hits. */
      isWhole: boolean;
      /** The page's hits with their context, by path and line. */
      lines: FoundLine[];
    }
  /** `reason`: why nothing was searched, such as an invalid pattern or one that takes too long. */
  | { kind: 'refused'; reason: string };
export interface FoundLine {
  path: string;
  /** Counts from 1. */
  line: number;
  /** At most 400 characters of the line. */
  text: string;
  /** The column of the line at which `text` begins, from 1. */
  column: number;
  /** The number of characters of the whole line. */
  length: number;
  /** False for a line of context. */
  isHit: boolean;
}
export interface LogPage {
  commits: LoggedCommit[];
  /** True if there are older commits. */
  hasMore: boolean;
}
export interface LoggedCommit {
  /** The abbreviated commit id. */
  commit: string;
  /** The date as `YYYY-MM-DD` in the author's time zone. */
  date: string;
  author: string;
  subject: string;
}
export interface BlamePage {
  lines: Array<Omit<LoggedCommit, 'subject'> & { line: number; text: string }>;
  /** The number of lines of the file. */
  total: number;
}
export interface FileMove {
  from: string;
  to: string;
  executable?: boolean | null | undefined;
}
export interface TreeItem {
  path: string;
  mode: '100644' | '100755' | '120000' | '160000';
  id: string;
  bytes: number;
}
export interface DeliveryOrder {
  repository: RepositorySource;
  /** Below `refs/heads/`. */
  branch: string;
  /** True: for a repository on this machine, the branch is also pushed to its remote `origin`. */
  push: boolean;
}
export type Delivery =
  | { kind: 'written'; branch: string; commit: string; place: string }
  /** `reason`: why the branch could not be written. */
  | { kind: 'not_written'; reason: string };
export interface RepositorySource {
  path?: string | undefined;
  url?: string | undefined;
  baseRef?: string | undefined;
}
export type RepoId = BuildLine;
export interface TreeAt extends RepoId {
  commit: string;
}
export interface AddedLine {
  path: string;
  /** Counts from 1. */
  line: number;
  text: string;
}
