/**
 * Reads the settings of JavaScript package managers: .npmrc, .yarnrc, .yarnrc.yml, pnpm-workspace.yaml, bunfig.toml. Reports every
 * setting that is not known to be harmless.
 */
import { parse } from 'smol-toml';
import { isObject } from '../../domain/json';
import { readNpmSpec } from '../manifests/package-json';
import { isOfRegistry, leavesRepository } from './addresses';
import { codeLines, originAt, shorten } from './origin';
import type { Origin, OriginFile } from './origin';
import { yamlLines } from './yaml-lines';

/** Settings of npm and pnpm that only choose versions, layout or output. */
const SAFE_NPMRC =
  /^(save(-exact|-prefix|-peer|-dev)?|engine-strict|legacy-peer-deps|strict-peer-deps|strict-peer-dependencies|auto-install-peers|fund|audit(-level)?|loglevel|progress|update-notifier|package-lock|lockfile|lockfile-version|ignore-scripts|prefer-(offline|online|dedupe|frozen-lockfile)|node-linker|shamefully-hoist|(public-)?hoist(-pattern(\[\])?)?|dedupe-peer-dependents|resolution-mode|resolve-peers-from-workspace-root|link-workspace-packages|shared-workspace-lockfile|save-workspace-protocol|include-workspace-root|prefer-workspace-packages|recursive-install|side-effects-cache|tag-version-prefix|message|sign-git-tag|access|provenance|install-strategy|install-links|omit|include|fetch-(retries|timeout|retry-\w+)|maxsockets|network-concurrency|color|unicode|node-version|use-node-version|manage-package-manager-versions|enable-pre-post-scripts|minimum-release-age|init-[\w.-]+|workspaces(-update)?|package-import-method|ignore-workspace-root-check|disallow-workspace-cycles|verify-deps-before-run|git-tag-version|commit-hooks|optional|heading|ci-concurrency|child-concurrency|stream|use-beta-cli|strict-ssl)$/;

export function npmrcOrigins(text: string): Origin[] {
  return codeLines(text, /^[#;]/).flatMap(({ line, text: setting }) => {
    const sign = setting.indexOf('=');
    const [key, value] = (sign < 0 ? [setting, 'true'] : [setting.slice(0, sign), setting.slice(sign + 1)]).map((one) =>
      one.trim().replace(/^["'](.*)["']$/, '$1'),
    ) as [string, string];
    if (/(^|:)registry$/.test(key)) return isOfRegistry(value, 'npm', 'jsr') ? [] : [settingOrigin(line, setting)];
    const isKnown = SAFE_NPMRC.test(key) && !(key === 'strict-ssl' && value === 'false');
    return isKnown || isTokenOfRegistry(key, value) ? [] : [settingOrigin(line, setting)];
  });
}

/** True for a token read from the environment; a token in the file is a secret, which another gate finds. */
function isTokenOfRegistry(key: string, value: string): boolean {
  return /^\/\/(registry\.npmjs\.org|registry\.yarnpkg\.com)\/:_authToken$/.test(key) && /^\$\{\w+\}$/.test(value);
}

function settingOrigin(line: number, setting: string): Origin {
  // Hide the values of `_authToken` and `_password`.
  const safe = setting.replace(/(_auth\w*|_password|token|password)(\s*[=:\s]\s*).*$/i, '$1$2…');
  return { line, what: `sets "${shorten(safe)}"` };
}

/** Settings of yarn 1 that select no other code. */
const SAFE_YARNRC =
  /^(save-prefix|save-exact|network-timeout|ignore-engines|ignore-scripts|disable-self-update-check|workspaces-experimental|version-(tag-prefix|git-tag|git-message|commit-hooks|sign-git-tag)|--\w[\w.-]*)$/;

export function yarnrcOrigins(text: string): Origin[] {
  return codeLines(text, /^#/).flatMap(({ line, text: setting }) => {
    const space = setting.search(/\s/);
    const key = (space < 0 ? setting : setting.slice(0, space)).replace(/"/g, '');
    const value = space < 0 ? '' : setting.slice(space).trim().replace(/"/g, '');
    const isSafe = SAFE_YARNRC.test(key) && !/install\.(cache|registry|modules)|registry|use-yarnrc|--cwd/.test(key);
    return isSafe || (key === 'registry' && isOfRegistry(value, 'npm')) ? [] : [settingOrigin(line, setting)];
  });
}

/** The same for later versions of yarn. */
const SAFE_YARNRC_YML =
  /^(nodeLinker|enable(Telemetry|GlobalCache|Colors|ProgressBars|ImmutableInstalls|ImmutableCache|Scripts|Hyperlinks|InlineBuilds|Timers|MessageNames|InlineHunks|OfflineMode|ConstraintsChecks|HardenedMode|Mirror|Network)|compressionLevel|checksumBehavior|cacheFolder|cacheMigrationMode|defaultSemverRangePrefix|defaultLanguageName|defaultProtocol|preferInteractive|preferReuse|preferDeferredVersions|preferTruncatedLines|preferAggregateCacheInfo|nmHoistingLimits|nmMode|nmSelfReferences|pnp(Mode|FallbackMode|EnableEsmLoader|EnableInlining|IgnorePatterns|ShebangLine)|progressBarStyle|winLinkType|telemetryInterval|tsEnableAutoTypes|initScope|initFields|logFilters|npmPublishAccess|npmPublishProvenance|npmMinimalAgeGate|changesetBaseRefs|changesetIgnorePatterns|supportedArchitectures|httpTimeout|httpRetry|networkConcurrency|taskPoolConcurrency|cloneConcurrency|immutablePatterns|deferredVersionFolder|catalogs?|approvedGitRepositories|dedupeOnInstall)$/;

export function yarnrcYmlOrigins(text: string, file: OriginFile): Origin[] {
  return yamlLines(text).flatMap(({ line, keys, value, text: setting }) => {
    const [key = ''] = keys;
    if (key === 'npmRegistryServer')
      return value === '' || isOfRegistry(value, 'npm') ? [] : [settingOrigin(line, setting)];
    if (/^catalogs?$/.test(key)) return catalogOrigins(file, { line, name: keys.at(-1) ?? '', spec: value });
    return SAFE_YARNRC_YML.test(key) ? [] : [settingOrigin(line, setting)];
  });
}

/** Keys of pnpm-workspace.yaml that select no other code. */
const SAFE_WORKSPACE_KEYS =
  /^(packages|sharedWorkspaceLockfile|linkWorkspacePackages|preferWorkspacePackages|saveWorkspaceProtocol|autoInstallPeers|strictPeerDependencies|peerDependencyRules|nodeLinker|shamefullyHoist|hoist|hoistPattern|publicHoistPattern|dedupePeerDependents|resolutionMode|catalogMode|cleanupUnusedCatalogs|minimumReleaseAge|engineStrict|savePrefix|saveExact|ignoredBuiltDependencies|strictDepBuilds|includeWorkspaceRoot|verifyDepsBeforeRun|nodeVersion|injectWorkspacePackages|disallowWorkspaceCycles|updateConfig|ignoredOptionalDependencies|allowedDeprecatedVersions|supportedArchitectures|trustPolicy|blockExoticSubdeps|enablePrePostScripts|preferFrozenLockfile|sideEffectsCache|loglevel)$/;

export function pnpmWorkspaceOrigins(text: string, file: OriginFile): Origin[] {
  return yamlLines(text).flatMap(({ line, keys, value, text: setting }) => {
    const [key = '', ...rest] = keys;
    if (/^catalogs?$/.test(key)) return catalogOrigins(file, { line, name: rest.at(-1) ?? '', spec: value });
    if (key === 'overrides')
      return rest.length === 0 || isRange(rest.at(-1) ?? '', value) ? [] : [settingOrigin(line, setting)];
    if (key === 'packages' && leavesRepository(file.path, value.replace(/^!/, '')))
      return [settingOrigin(line, setting)];
    return SAFE_WORKSPACE_KEYS.test(key) ? [] : [{ line, what: `sets "${key}": "${shorten(setting)}"` }];
  });
}

function catalogOrigins({ path }: OriginFile, entry: { line: number; name: string; spec: string }): Origin[] {
  const { line, name, spec } = entry;
  if (spec === '' || isRange(name, spec)) return [];
  return [
    { line, what: `${name} comes from "${shorten(spec)}", not from the registry (${path.split('/').at(-1) ?? path})` },
  ];
}

/** True for a version range, or a form that selects no other package. */
function isRange(name: string, spec: string): boolean {
  return spec === '-' || spec.startsWith('$') || (!/^[{[&*!|>]/.test(spec) && isPlainRange(name, spec));
}

function isPlainRange(name: string, spec: string): boolean {
  const read = readNpmSpec(name, spec);
  return read.source === 'registry' && read.name === name;
}

/** Keys of bunfig's `install` table that select no other code. */
const SAFE_BUN_KEYS =
  /^(optional|dev|peer|production|saveTextLockfile|frozenLockfile|dryRun|concurrentScripts|auto|lockfile|cache|linker|exact|saveExact|minimumReleaseAge|logLevel)$/;

export function bunfigOrigins(text: string): Origin[] {
  const settings = tomlOf(text);
  if (settings === undefined) return [{ line: 1, what: 'cannot be read' }];
  return Object.entries(settings).flatMap(([table, value]) => {
    if (table === 'telemetry' || table === 'smol' || table === 'logLevel' || table === 'test') return [];
    if (table !== 'install' || !isObject(value))
      return [originAt(table, `sets "${table}": ${shorten(JSON.stringify(value))}`)];
    const unknown = Object.entries(value).filter(([key, one]) => {
      return !SAFE_BUN_KEYS.test(key) && !(key === 'registry' && typeof one === 'string' && isOfRegistry(one, 'npm'));
    });
    return unknown.map(([key, one]) => originAt(key, `sets "install.${key}": ${shorten(JSON.stringify(one))}`));
  });
}

export function tomlOf(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
