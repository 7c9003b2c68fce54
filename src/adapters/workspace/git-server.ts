/**
 * Serves smart HTTP by `git http-backend`, one child process a request.
 *
 * The client chooses only the body: project, service and branches are checked values, and this file sets the rest of the
 * child's environment. It uses protocol version 0, in which a client gets only what an advertised branch reaches.
 */
import type { AwaitedPush, GitRequest, GitServer } from '../../ports/git-server';
import { Failure } from '../../domain/failures';
import { folderUse } from '../machine/usage';
import { MAX_REPOSITORY_BYTES } from './disk-budget';
import { freshEnv, SAFE_SETTINGS } from './git';
import { runBackend } from './http-backend';
import { BRANCHES, PUSHED, refreshViews, SHOWN } from './pushed';
import { createRepositories } from './repository';

export interface GitServerOptions {
  /** Folder of the bare repositories, one `<project>.git` each. */
  root: string;
  maxPushBytes?: number | undefined;
  maxRepositoryBytes?: number | undefined;
  timeoutMs?: number | undefined;
}

const MAX_PUSH_BYTES = 64 * 1024 * 1024;
/** The body of a fetch: the commits that the client has and wants. */
const MAX_WANTS_BYTES = 10 * 1024 * 1024;
/** The part of a push before the pack: the names of refs and the push options. */
const MAX_COMMANDS_BYTES = 1024 * 1024;
const TIMEOUT_MS = 10 * 60_000;

export function createGitServer(options: GitServerOptions): GitServer {
  const { root, maxPushBytes = MAX_PUSH_BYTES, timeoutMs = TIMEOUT_MS } = options;
  const limitBytes = options.maxRepositoryBytes ?? MAX_REPOSITORY_BYTES;
  const { find, configFile } = createRepositories(root);
  return {
    async refresh(projectId: string, awaited: AwaitedPush[]) {
      const git = await find(projectId);
      if (git === undefined) return false;
      await refreshViews(git, awaited);
      return true;
    },
    async serve(request) {
      const git = await find(request.projectId);
      if (git === undefined) return false;
      const isPush = request.service === 'git-receive-pack';
      if (isPush) await refuseFull(git.folder, limitBytes);
      const env = {
        ...freshEnv(configFile),
        ...configEnv([...SAFE_SETTINGS, ...(isPush ? pushSettings(request.pushable, maxPushBytes) : READ_SETTINGS)]),
        ...cgiEnv(request, root),
        GIT_NAMESPACE: isPush ? PUSHED : SHOWN,
      };
      const maxBytes = isPush ? maxPushBytes + MAX_COMMANDS_BYTES : MAX_WANTS_BYTES;
      return runBackend(request, { env, maxBytes, timeoutMs });
    },
  };
}

const READ_SETTINGS = [
  'http.receivepack=false',
  'http.getanyfile=false',
  // The last setting that matches a ref decides; `^` compares the ref's full name, with its namespace.
  'transfer.hideRefs=^refs',
  'transfer.hideRefs=refs',
  `transfer.hideRefs=!${BRANCHES.slice(0, -1)}`,
  'core.bigFileThreshold=32m',
];

/** The client sees only these branches, and may only move them forward. */
function pushSettings(pushable: string[], maxPushBytes: number): string[] {
  return [
    'http.receivepack=true',
    'http.uploadpack=false',
    'http.getanyfile=false',
    'transfer.hideRefs=^refs',
    'transfer.hideRefs=refs',
    ...pushable.map((buildId) => `transfer.hideRefs=!${BRANCHES}${buildId}`),
    'receive.denyDeletes=true',
    'receive.denyNonFastForwards=true',
    'transfer.fsckObjects=true',
    'receive.fsckObjects=true',
    `receive.maxInputSize=${maxPushBytes}`,
    'receive.autogc=false',
    'receive.updateServerInfo=false',
    'receive.shallowUpdate=false',
    'receive.advertisePushOptions=false',
    // A larger object is streamed to disk instead of being unpacked in memory.
    'core.bigFileThreshold=32m',
  ];
}

function configEnv(settings: string[]): Record<string, string> {
  const pairs = settings.flatMap((setting, index) => {
    const equals = setting.indexOf('=');
    return [
      [`GIT_CONFIG_KEY_${index}`, setting.slice(0, equals)],
      [`GIT_CONFIG_VALUE_${index}`, setting.slice(equals + 1)],
    ];
  });
  return { GIT_CONFIG_COUNT: String(settings.length), ...(Object.fromEntries(pairs) as Record<string, string>) };
}

function cgiEnv(
  { projectId, service, step, contentType, isGzipped }: GitRequest,
  root: string,
): Record<string, string> {
  const expected = `application/x-${service}-request`;
  const requestVariables =
    step === 'refs'
      ? { REQUEST_METHOD: 'GET', PATH_INFO: `/${projectId}.git/info/refs`, QUERY_STRING: `service=${service}` }
      : {
          ...{ REQUEST_METHOD: 'POST', PATH_INFO: `/${projectId}.git/${service}`, QUERY_STRING: '' },
          // git itself refuses another content type.
          CONTENT_TYPE: contentType === expected ? expected : 'other',
        };
  return {
    ...{ GIT_PROJECT_ROOT: root, GIT_HTTP_EXPORT_ALL: '1', REMOTE_ADDR: 'client' },
    ...requestVariables,
    ...(isGzipped ? { HTTP_CONTENT_ENCODING: 'gzip' } : {}),
  };
}

async function refuseFull(folder: string, limitBytes: number): Promise<void> {
  const { bytes } = await folderUse(folder, { bytes: limitBytes, files: Infinity });
  if (bytes <= limitBytes) return;
  const wayOut = 'Nothing more can be pushed to this project; start the build under another project_id';
  throw new Failure('Workspace.TooLarge', `The repository takes more than ${limitBytes} bytes on disk. ${wayOut}.`);
}
