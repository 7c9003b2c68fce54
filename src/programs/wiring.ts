/**
 * Creates the adapters from the configuration: stores, git, sandbox, releases, models. Each process does this once.
 */
import type { Client } from '@temporalio/client';
import type { Deps } from '../activities/deps';
import { createCallsInFlight } from '../activities/steps/calls-in-flight';
import type { DocumentStore } from '../ports/documents';
import type { Access } from '../ports/access';
import type { ArtifactExchange, ArtifactStore } from '../ports/artifacts';
import type { RoleModel } from '../ports/model';
import type { Sandbox } from '../ports/sandbox';
import { createAccess } from '../adapters/access/create-access';
import { tokenFileIn } from '../adapters/access/token-file';
import { createFileDocuments } from '../adapters/artifacts/documents';
import { createAnswerJournals } from '../adapters/artifacts/answer-journals';
import { createFileArtifacts } from '../adapters/artifacts/file-store';
import { createModels } from '../adapters/models/create-model';
import type { ModelSpec } from '../adapters/models/model-spec';
import { createPrices } from '../adapters/models/prices';
import { createPackageCache, packageCacheRoot } from '../adapters/checkouts/package-cache';
import type { CacheLimits } from '../adapters/checkouts/package-cache';
import { createCheckouts } from '../adapters/checkouts/create-checkouts';
import { loadPrompts } from '../adapters/prompts';
import { hostsOfUrls, permissionOf } from '../adapters/network/allow-list';
import { hostsWithCredentials } from '../adapters/network/git-proxy';
import { createReportProofs } from '../adapters/record/report-proofs';
import { createFetch } from '../adapters/network/proxied-fetch';
import { createPublicFetch } from '../adapters/network/public-fetch';
import { createReaders } from '../adapters/reading/readers';
import { createRegistry } from '../adapters/registry/create-registry';
import { createHealthWatch } from '../adapters/releases/health';
import { withReleaseNetwork } from '../adapters/releases/release-network';
import { createReleaseTargets } from '../adapters/releases/targets';
import { createTestRunners } from '../adapters/runners/create-runners';
import { createBubblewrap } from '../adapters/sandbox/bubblewrap';
import { requireBubblewrap } from '../adapters/sandbox/find-profile';
import { createDocker } from '../adapters/sandbox/docker';
import type { SandboxLimits } from '../adapters/sandbox/limits';
import { createNoSandbox } from '../adapters/sandbox/none';
import { createPayloadCodec } from '../adapters/temporal/codec';
import type { TemporalTarget } from '../adapters/temporal/connect';
import { createBuildLookup } from '../adapters/temporal/builds-there';
import { createProjectLedger } from '../adapters/temporal/project-ledger';
import { createGitServer } from '../adapters/workspace/git-server';
import { createGitWorkspace } from '../adapters/workspace/git-workspace';
import type { ApiDeps } from '../api/deps';
import type { Config } from './config';
import { dataFolders } from './data-folders';
import { createProjectMoney } from './project-money';
import { roleModelName } from './model-settings';
import { createNoticeDeps } from './notice-wiring';
import { STALE_MS } from '../adapters/machine/leftovers';
import { Failure } from '../domain/failures';
import { ROLES } from '../domain/roles';
import type { Role, RoleMode } from '../domain/roles';

/** Creates the stores on disk that the API and the worker share. */
export function createStores({ dataDir }: Pick<Config, 'dataDir'>): {
  artifacts: ArtifactStore & ArtifactExchange;
  documents: DocumentStore;
} {
  const folders = dataFolders(dataDir);
  return { artifacts: createFileArtifacts(folders.artifacts), documents: createFileDocuments(folders.documents) };
}

/** `address`: that of the configured or the embedded server. */
export function temporalTarget({ temporal }: Pick<Config, 'temporal'>, address: string): TemporalTarget {
  const { namespace, connection, payloadKeys } = temporal;
  const codec = payloadKeys === undefined ? undefined : createPayloadCodec(payloadKeys);
  return { address, namespace, connection, codec };
}

interface CacheLog {
  info(line: string): void;
  warn(line: string): void;
}

/**
 * Creates the dependencies of the activities. `log` gets a line for each removal from the package cache; without it, as in tests
 * and benches, nothing is removed from the cache.
 */
export function createDependencies(config: Config, client: Client, log?: CacheLog): Deps {
  const { artifacts, documents } = createStores(config);
  const proofs = createReportProofs(documents);
  const fetch = createFetch(config.setup.worker.env);
  const { env } = config.setup.worker;
  const { npmUrl, pypiUrl } = config.registries;
  const publicFetch = createPublicFetch({
    env,
    privateHosts: [...config.setup.hosts, ...(config.git.access.hosts ?? [])],
  });
  const askRegistry = publicFetch(hostsOfUrls(`${npmUrl} ${pypiUrl}`));
  const prompts = loadPrompts();
  const sandbox = createSandbox(config);
  const releaseSandbox = withReleaseNetwork({ sandbox, hosts: config.releaseHosts ?? [], env });
  const { repositories, releases, journals } = dataFolders(config.dataDir);
  const workspace = createGitWorkspace({
    root: repositories,
    roots: config.repositoryRoots,
    publicFetch,
    ...config.git,
  });
  return {
    artifacts,
    documents,
    journals: createAnswerJournals(journals),
    modelCalls: createCallsInFlight(),
    workspace,
    sandbox,
    runners: createTestRunners(),
    checkouts: createCheckouts({
      artifacts,
      workspace,
      sandbox,
      cache: createPackageCache(packageCacheRoot(), log && cacheLimits(config, log)),
      setup: config.setup,
    }),
    releaseTarget: createReleaseTargets({
      ...{ root: releases, documents, sandbox: releaseSandbox, repositories },
      roots: config.repositoryRoots,
      access: { ...config.git.access, onlyHosts: config.releaseHosts },
    }),
    watchHealth: createHealthWatch(releaseSandbox),
    ledger: createProjectLedger(client, config.temporal.taskQueue, proofs),
    ...createProjectMoney(config, { client, documents, proofs }),
    builds: createBuildLookup(client),
    proofs,
    ...createNoticeDeps(config, { client, documents }),
    registry: createRegistry({ ...config.registries, documents, limits: { fetch: askRegistry } }),
    readers: createReaders(),
    prompts,
    ...createRoleModels({ ...config.models, fetch, say: log && ((line) => log.info(line)) }),
    prices: createPrices(config.money.prices),
    outputTokensLimit: config.money.outputTokensLimit,
    testTimeoutMs: config.sandbox.timeoutMs,
    surveyTimeoutMs: config.surveyTimeoutMs,
    experimentRuns: config.experimentRuns,
  };
}

/** Decides which servers of private networks a request may name for its repository. */
export function createServerCheck({ git, releaseHosts = [] }: Pick<Config, 'git' | 'releaseHosts'>) {
  return async (host: string, port: number): Promise<boolean> => {
    const { hosts = [], credentialsFile } = git.access;
    return (
      permissionOf([...hosts, ...releaseHosts, ...(await hostsWithCredentials(credentialsFile))], host, port) ===
      'exact'
    );
  };
}

/** `inUseMs` is at least STALE_MS: all workers of this user share the cache, and others may have longer time limits. */
function cacheLimits({ setup, sandbox }: Config, log: CacheLog): CacheLimits {
  const inUseMs = Math.max(STALE_MS, 4 * (setup.timeoutMs + sandbox.timeoutMs));
  return { bytes: setup.cacheBytes, inUseMs, say: (line) => log.info(line), warn: (line) => log.warn(line) };
}

/** Finds `bwrap`, or fetches it where it is not installed, and says which one is used. Throws Failure `Sandbox.Unavailable`. */
export async function prepareSandbox(
  { sandbox, cacheDir }: Pick<Config, 'sandbox' | 'cacheDir'>,
  { say, signal }: { say: (line: string) => void; signal?: AbortSignal | undefined },
): Promise<void> {
  if (sandbox.driver !== 'bubblewrap') return;
  const { path, source } = await requireBubblewrap({ cacheDir, signal });
  say(`bubblewrap: ${path}, from ${source}`);
}

/** Creates the API's git server, over the repositories in which the worker works. */
export function createGitService(
  { dataDir }: Pick<Config, 'dataDir'>,
  { workspace }: Pick<Deps, 'workspace'>,
): NonNullable<ApiDeps['git']> {
  const server = createGitServer({ root: dataFolders(dataDir).repositories });
  return { ...server, prepare: (input) => workspace.prepare(input) };
}

/** Creates the check of callers. `own`: a token that only this process knows. */
export function createApiAccess(
  { access, dataDir, setup }: Pick<Config, 'access' | 'dataDir' | 'setup'>,
  more: { warn: (line: string) => void; own?: { name: string; secret: string } | undefined },
): Access {
  const { firstTokenFile, isReachable, oidc } = access;
  return createAccess({
    ...{ file: tokenFileIn(dataDir), firstTokenFile, isReachable, ...more },
    oidc: oidc && { ...oidc, fetch: createFetch(setup.worker.env) },
  });
}

/** Creates the configured sandbox driver. Tests give smaller limits. */
export function createSandbox(
  { sandbox, dataDir, cacheDir, setup }: Pick<Config, 'sandbox' | 'dataDir' | 'cacheDir' | 'setup'>,
  smallerLimits: Partial<SandboxLimits> = {},
): Sandbox {
  const { driver, uid, docker } = sandbox;
  const limits = { ...sandbox.limits, ...smallerLimits };
  const env = docker.host === undefined ? {} : { DOCKER_HOST: docker.host };
  switch (driver) {
    case 'none':
      return createNoSandbox();
    case 'docker':
      return createDocker({ uid, image: docker.image, dockerPath: docker.path, env, limits });
    case 'bubblewrap':
      return createBubblewrap({
        ...{ uid, hidden: [dataDir], programs: { cacheDir }, limits },
        worker: setup.worker,
      });
  }
}

/** Gives the mode of each role for builds that do not set it: `llm` where the role has a model, else `external`. */
export function roleDefaults({ models }: Pick<Config, 'models'>): Record<Role, RoleMode> {
  const modes = ROLES.map((role) => [role, models.chains[role] === undefined ? 'external' : 'llm']);
  return Object.fromEntries(modes) as Record<Role, RoleMode>;
}

/** The models and the stronger models share what is known of their providers, such as breakers. */
function createRoleModels(config: Config['models']): Pick<Deps, 'modelFor' | 'strongerModelFor'> {
  const { chains, strongerChains, ...settings } = config;
  const create = createModels(settings);
  const modelsOf = (byRole: typeof chains): Partial<Record<Role, RoleModel>> => {
    const rolesWithChains = Object.entries(byRole) as Array<[Role, ModelSpec[]]>;
    return Object.fromEntries(rolesWithChains.map(([role, chain]) => [role, create(chain)]));
  };
  const [models, stronger] = [modelsOf(chains), modelsOf(strongerChains)];
  return {
    modelFor(role) {
      const model = models[role];
      if (model === undefined) throw new Failure('Model.NotConfigured', notConfiguredMessage(role));
      return model;
    },
    strongerModelFor: (role) => stronger[role],
  };
}

function notConfiguredMessage(role: Role): string {
  return `no model is configured for ${role}: set MODEL or ${roleModelName(role)}, or start the build with roles {"${role}":"external"}`;
}
