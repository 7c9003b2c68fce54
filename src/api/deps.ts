/**
 * What the API needs from the world; the programs hand it in, and so do the tests.
 */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Access } from '../ports/access';
import type { ArtifactExchange, ArtifactStore } from '../ports/artifacts';
import type { DocumentStore } from '../ports/documents';
import type { GitServer } from '../ports/git-server';
import type { Prompts } from '../ports/prompts';
import type { Readers } from '../ports/readers';
import type { SignText } from '../ports/signer';
import type { Workspace } from '../ports/workspace';
import type { Role, RoleMode } from '../domain/roles';
import type { BrowserRules } from './browsers';
import type { WebUi } from './web-ui';

export interface ApiDeps {
  client: Client;
  taskQueue: string;
  /** Who may call. */
  access: Access;
  artifacts: ArtifactStore & Partial<ArtifactExchange>;
  documents: DocumentStore;
  signText: SignText;
  prompts: Prompts;
  /** Large requests and answers are searched for secrets by these. Not those of a worker: no answer may wait for the reading of a build. */
  readers: Readers;
  /** Shows the role what is in the tree; without it a prompt has no files, no guides and no diff. */
  workspace?: Pick<Workspace, 'list' | 'diff' | 'contents' | 'contentChanges'> | undefined;
  /** Serves branches to git clients, and makes those that they are to push to; absent where this API has no repositories. */
  git?: (GitServer & Pick<Workspace, 'prepare'>) | undefined;
  /** How a role is driven where a build does not say: `llm` where a model is configured. */
  roleDefaults: Record<Role, RoleMode>;
  /** Absolute folders below which `repository.path` may lie; empty: none may be named. */
  repositoryRoots: string[];
  /** Folders with what is kept of all projects: by none of their paths may one project name what is of another. */
  projectFolders?: readonly string[] | undefined;
  /** Whether the settings name a server in full, so that it may be of this machine or its network; without it, none is. */
  isNamedServer?: ((host: string, port: number) => Promise<boolean>) | undefined;
  /** False on servers that do not know our search attributes. A function rejects as long as the server has not answered. */
  searchAttributesKnown: boolean | (() => Promise<boolean>);
  log: Logger;
  /** What a project takes on disk, measured a moment ago, and what it may; absent where there is no limit. */
  projectDisk?: ((projectId: string) => Promise<{ usedBytes: number; limitBytes: number }>) | undefined;
  /** Where people look at the workflows; undefined where nobody has said. */
  webUi?: WebUi | undefined;
  /** Which names and origins browsers may use; those of the loopback if not given. */
  browsers?: BrowserRules | undefined;
  /** Most open builds of one project; undefined: no limit. */
  maxOpenBuilds?: number | undefined;
  /** Requests a minute of one token, or of one address where there is none; undefined: no limit. */
  rateLimitPerMinute?: number | undefined;
}
