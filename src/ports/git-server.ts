/**
 * Serves the branches of builds to git clients, over smart HTTP.
 */
import type { Readable, Writable } from 'node:stream';
import type { RepoId } from './workspace';

export type GitService = 'git-upload-pack' | 'git-receive-pack';

/** A build that waits for an external Code Writer, who may push to its branch. */
export interface AwaitedPush extends RepoId {
  /** What is pushed counts for this generation only. */
  generation: number;
}

export interface GitServer {
  /** Shows clients the branches as they stand now, and those of `awaited` as they were pushed last. False: the project has no repository. */
  refresh(projectId: string, awaited: AwaitedPush[]): Promise<boolean>;
  /**
   * Serves one request to its end. Throws Failure `Workspace.TooLarge` where the project's repository is full, before anything
   * is read. False where git gave no answer; `onFault` then has its last words.
   */
  serve(request: GitRequest): Promise<boolean>;
}

export interface GitRequest {
  projectId: string;
  service: GitService;
  /** `refs`: the list that every exchange begins with. `pack`: the exchange itself, with a body. */
  step: 'refs' | 'pack';
  /** Ids of the builds whose branches may be moved. */
  pushable: string[];
  body: Readable;
  contentType: string;
  isGzipped: boolean;
  /** The client is gone. */
  signal: AbortSignal;
  /** Called once, with status and headers of the answer; gives where its body goes. */
  answer: (head: { status: number; headers: Array<[string, string]> }) => Writable;
  onFault: (words: string) => void;
}
