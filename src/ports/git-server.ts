/**
 * Serves the branches of builds to git clients, over smart HTTP.
 */
import type { Readable, Writable } from 'node:stream';
import type { RepoId } from './workspace';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** A build that waits for an external Code Writer, who may push to its branch. */
export interface AwaitedPush extends RepoId {
  /** A push counts for this generation only. */
  generation: number;
}

export interface GitServer {
  /** Updates the branches that clients see; branches of `awaited` show their last push. Gives false if the project has no repository. */
  refresh(projectId: string, awaited: AwaitedPush[]): Promise<boolean>;
  /**
   * Serves one request. Throws Failure `Workspace.TooLarge`, before it reads the body, if the project's repository is full. Gives
   * false if git gave no answer; `onFault` has then been called with git's error output.
   */
  serve(request: GitRequest): Promise<boolean>;
}

export interface GitRequest {
  projectId: string;
  service: GitService;
  /** `refs`: the list of branches, with which each fetch or push begins. `pack`: the fetch or push itself, with a body. */
  step: 'refs' | 'pack';
  /** Ids of the builds whose branches the client may push to. */
  pushable: string[];
  body: Readable;
  contentType: string;
  isGzipped: boolean;
  /** Aborted when the client closes the connection. */
  signal: AbortSignal;
  /** Called once with the status and headers of the answer. Gives the stream for its body. */
  answer: (head: { status: number; headers: Array<[string, string]> }) => Writable;
  onFault: (words: string) => void;
}
