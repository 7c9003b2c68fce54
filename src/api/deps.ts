/**
 * The dependencies of the API. The programs and the tests supply them.
 */
import type { Client } from '@temporalio/client';
import type { Logger } from 'pino';
import type { Access } from '../ports/access';
import type { ArtifactExchange, ArtifactStore } from '../ports/artifacts';
import type { DocumentStore } from '../ports/documents';
import type { GitServer } from '../ports/git-server';
import type { NoticeOutbox } from '../ports/notifier';
import type { ProjectSettingsStore } from '../ports/project-settings';
import type { Prompts } from '../ports/prompts';
import type { Readers } from '../ports/readers';
import type { SignText } from '../ports/signer';
import type { Workspace } from '../ports/workspace';
import type { GrantCaps } from '../domain/money/room';
import type { Role, RoleMode } from '../domain/roles';
import type { Budget } from '../domain/money/budget';
import type { BrowserRules } from './browsers';
import type { NoticeRules } from './notice-targets';
import type { WebUi } from './web-ui';

export interface ApiDeps {
  client: Client;
  taskQueue: string;
  /** Identifies callers and knows their rights. */
  access: Access;
  artifacts: ArtifactStore & Partial<ArtifactExchange>;
  documents: DocumentStore;
  projectSettings: ProjectSettingsStore;
  /** The caps of projects without settings of their own; absent: none. */
  projectCaps?: GrantCaps | undefined;
  signText: SignText;
  prompts: Prompts;
  /** Threads that search large requests and answers for secrets. The API has its own, so that no answer waits for a worker's reading. */
  readers: Readers;
  /** Gives the files of a commit for prompts; without it a prompt has no files, no guides and no diff. */
  workspace?: Pick<Workspace, 'list' | 'diff' | 'contents' | 'contentChanges'> | undefined;
  /** Serves branches to git clients and makes the branches for their pushes; absent if this API has no repositories. */
  git?: (GitServer & Pick<Workspace, 'prepare'>) | undefined;
  /** The mode of each role for builds that do not set it: `llm` if a model is configured. */
  roleDefaults: Record<Role, RoleMode>;
  /** The caps of a build whose start names none. Absent: such a build has no limit; the programs always give them. */
  budgetDefaults?: Budget | undefined;
  /** Absolute folders below which `repository.path` may lie; empty: no path is allowed. */
  repositoryRoots: string[];
  /** Folders with data of all projects: no `repository.path` may lie in them, since it could be another project's. */
  projectFolders?: readonly string[] | undefined;
  /** True if the settings name this server in full: only then may it lie on this machine or its network. Absent: never. */
  isNamedServer?: ((host: string, port: number) => Promise<boolean>) | undefined;
  /** What the settings say about notices; absent: nothing. */
  notices?: NoticeRules | undefined;
  /** Hands test notices over to be sent; absent where no notice can be tested. */
  noticeOutbox?: NoticeOutbox | undefined;
  /** False if the Temporal server lacks the search attributes of builds. A function rejects until the server has answered. */
  searchAttributesKnown: boolean | (() => Promise<boolean>);
  log: Logger;
  /** The disk space that a project uses, measured a moment ago, and its limit; absent if there is no limit. */
  projectDisk?: ((projectId: string) => Promise<{ usedBytes: number; limitBytes: number }>) | undefined;
  /** The Temporal Web UI; undefined if it is not configured. */
  webUi?: WebUi | undefined;
  /** The names and origins that browsers may use; by default those of the loopback. */
  browsers?: BrowserRules | undefined;
  /** Most open builds of one project; undefined: no limit. */
  maxOpenBuilds?: number | undefined;
  /** Requests a minute of one token, or of one address if there is none; undefined: no limit. */
  rateLimitPerMinute?: number | undefined;
}
