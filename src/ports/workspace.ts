/**
 * The workspace: where git keeps the lines of work of builds.
 */
import type { ChangedFile } from '../domain/gates/facts';
import type { RepositoryFacts } from './repository-facts';
import type { BuildLine } from '../domain/ids';
import type { WorkMark } from '../domain/trailer';
import type { PathChange } from '../domain/evidence/tampering';

/**
 * A path is text in UTF-8. A byte of a name that is not UTF-8 is written `\xHH`, a backslash `\x5c` (`inspect/path-bytes.ts`).
 */
export interface FileChange {
  path: string;
  /**
   * New text; null deletes the file, where there is no `base64`. The file's encoding and byte order mark are kept, and its line
   * ends where the text has no CR (decision 0014).
   */
  content: string | null;
  /** New bytes, exactly; `content` is null then. */
  base64?: string | null | undefined;
  /** The mode; left out, a file keeps the one that it has, or had before the build deleted it, and a new one is not executable. */
  executable?: boolean | null | undefined;
}

/** Where git keeps a build's line of work. Every operation goes from commit to commit; no work tree is shared. */
export interface Workspace {
  /**
   * Makes the project's bare repository where it is missing, takes in `repository`, and gives the build's base commit. Idempotent.
   * `isLook`: no work follows, so no branch is made, and `forget` is called at the end.
   */
  prepare(input: RepoId & { repository?: RepositorySource | undefined; isLook?: boolean }): Promise<{ commit: string }>;
  /** Removes what `prepare` wrote down of a look. Idempotent. */
  forget(repo: RepoId): Promise<void>;
  /** For the repository report: what git and the files' bytes say. `source` is of the build's own base. */
  facts(at: TreeAt): Promise<RepositoryFacts>;
  /** The folder that the given path led to in its repository; '' is the root. */
  givenFolder(at: RepoId): Promise<string>;
  list(at: TreeAt): Promise<Array<{ path: string; bytes: number }>>;
  /** A text that is not UTF-8 is read as latin-1. Throws Failure `Workspace.PathRefused` for a path that is not in the tree or not allowed. */
  read(at: TreeAt, path: string): Promise<string>;
  /** The same, with the encoding that the text was read in and the file's bytes. A byte order mark stays in the text. */
  readFile(at: TreeAt, path: string): Promise<{ text: string; encoding: 'utf-8' | 'latin-1'; bytes: number }>;
  /** The first lines that hold the text: at most 50 of a file, and 500 in all. */
  search(at: TreeAt, text: string): Promise<Array<{ path: string; line: number; text: string }>>;
  /** All files of text that hold it, however many they are. */
  filesWith(at: TreeAt, text: string): Promise<string[]>;
  /** One page of the lines that fit, in all files that are text. Bounded in bytes and time. */
  grep(at: TreeAt, query: TextQuery): Promise<Grepped>;
  /** Commits that lead to `at.commit`, newest first; of a path, those that changed it or what is below it. */
  log(at: TreeAt, input: { path?: string | undefined; from: number; count: number }): Promise<LogPage>;
  /** Who wrote each line. Throws Failure `Workspace.PathRefused` as `readFile` does, `Workspace.TooLarge` where it takes too long. */
  blame(at: TreeAt, input: { path: string; from: number; count: number }): Promise<BlamePage>;
  /** Applies changes to the tree of `at.commit` and gives a commit object that no branch points to yet. */
  apply(at: TreeAt, changes: FileChange[], message: string): Promise<{ commit: string }>;
  /** The same for one file that gets another name, or the same one, with its bytes; `executable` null keeps the mode. */
  move(at: TreeAt, input: FileMove, message: string): Promise<{ commit: string }>;
  /**
   * Publishes a phase's work: one commit on the build's branch with the tree of `tree` and the parent `at.commit`,
   * with a trailer naming build, phase, generation and attempt. Adopts the commit where the branch already has one
   * with that trailer. Throws Failure `Workspace.Overtaken` where the branch has moved elsewhere. `pushed`: the commit that the
   * work was pushed as; it becomes the second parent.
   */
  publish(
    at: TreeAt,
    input: { tree: string; message: string; mark: WorkMark; pushed?: string | undefined },
  ): Promise<{ commit: string; changed: string[] }>;
  /**
   * The commit that was pushed for the build in this generation, on top of `at.commit`; undefined where none was.
   * Throws Failure `Workspace.PathRefused` where it changes a path that no role may name.
   */
  pushed(at: TreeAt, generation: number): Promise<{ commit: string } | undefined>;
  /** Unified text of at most 1 MiB; a longer one ends in the line of `cutDiffLine` (`domain/evidence/diff-sections.ts`). */
  diff(repo: RepoId, from: string, to: string): Promise<string>;
  /**
   * The same of one changed path, of at most 8 MiB; `isWhole` is false where that cut it. A moved file comes with the name that
   * it had. Empty where the path does not differ. Throws Failure `Workspace.TooLarge` where it takes too long.
   */
  diffOf(repo: RepoId, span: { from: string; to: string; path: string }): Promise<{ text: string; isWhole: boolean }>;
  /** Every path that differs between two commits; a moved file is one deleted and one added. */
  changes(repo: RepoId, from: string, to: string): Promise<ChangedFile[]>;
  /** The same with git's id of the content on either side. */
  contentChanges(repo: RepoId, from: string, to: string): Promise<PathChange[]>;
  /** Lines that the change adds, with their numbers after it, from files of every kind; `isWhole` is false where a limit cut them. */
  addedLines(repo: RepoId, from: string, to: string): Promise<{ lines: AddedLine[]; isWhole: boolean }>;
  /** Commits after `from` up to `to`, oldest first, with the paths that each changed. */
  line(repo: RepoId, from: string, to: string): Promise<Array<{ commit: string; message: string; paths: string[] }>>;
  /** Messages of all commits after `from` up to `to`, those beside the line, too: what was pushed is published with it. */
  messages(repo: RepoId, from: string, to: string): Promise<Array<{ commit: string; message: string }>>;
  /** Texts of regular files of at most 16 MiB; what is missing, larger or no text is left out. */
  contents(at: TreeAt, paths: string[]): Promise<Map<string, string>>;
  /** Every file, link and submodule of the tree; `id` is git's of its content. */
  entries(at: TreeAt): Promise<TreeItem[]>;
  /**
   * Makes a git folder of its own in the empty folder `into`: the commit's history, the tags of it, and an index. Without
   * hooks and remotes. `onTop` is such a folder of an ancestor, whose packs it shares by hard links. Shallow where the
   * history is larger than a limit.
   */
  history(
    at: TreeAt,
    input: { into: string; onTop?: { folder: string; commit: string } | undefined },
  ): Promise<{ isShallow: boolean }>;
  /**
   * Writes `at.commit` as a new branch into the repository that the build was given. The same branch at the same commit counts
   * as written; one at another commit is left alone.
   */
  deliver(at: TreeAt, order: DeliveryOrder): Promise<Delivery>;
  /** Writes the tree of the commit into an empty folder. */
  checkout(at: TreeAt, folder: string): Promise<void>;
  /**
   * Puts the build's branch back to `commit`. `generation` is the one that is left: its line stays reachable under
   * `refs/parked/<build>/g<generation>`, and publishing under it or an earlier one is `Workspace.Overtaken` from then on.
   */
  restore(at: TreeAt, input: { generation: number }): Promise<void>;
}
export interface TextQuery {
  /** A regular expression: PCRE where git has it, else POSIX extended. Or, as `isLiteral` says, the text itself. */
  pattern: string;
  isLiteral: boolean;
  ignoreCase: boolean;
  /** Files to look in; left out: all. */
  paths?: string[] | undefined;
  /** Lines to show before and after each hit. */
  context: number;
  /** The first hit of the page, from 1. */
  from: number;
  /** Hits of the page. */
  count: number;
}
export type Grepped =
  | {
      kind: 'found';
      /** Of all pages; a line is one hit. */
      hits: number;
      files: number;
      /** False where a limit ended the search; there are more hits then. */
      isWhole: boolean;
      /** The page's hits with their context, by path and line. */
      lines: FoundLine[];
    }
  /** Why nothing was searched, in words: a pattern that is none, or one that takes too long. */
  | { kind: 'refused'; reason: string };
export interface FoundLine {
  path: string;
  /** Counts from 1. */
  line: number;
  /** At most 400 characters of it. */
  text: string;
  /** Where in the line `text` begins, from 1. */
  column: number;
  /** Characters of the whole line. */
  length: number;
  /** False: context. */
  isHit: boolean;
}
export interface LogPage {
  commits: LoggedCommit[];
  /** True where older ones follow. */
  hasMore: boolean;
}
export interface LoggedCommit {
  /** Abbreviated. */
  commit: string;
  /** `YYYY-MM-DD`, where the author was. */
  date: string;
  author: string;
  subject: string;
}
export interface BlamePage {
  lines: Array<Omit<LoggedCommit, 'subject'> & { line: number; text: string }>;
  /** Lines of the file. */
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
  /** Of a repository on this machine: on to its remote `origin`, too. */
  push: boolean;
}
export type Delivery =
  | { kind: 'written'; branch: string; commit: string; place: string }
  /** In words: what stood in the way. */
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
