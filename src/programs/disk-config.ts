/**
 * Reads the settings that decide what stays on disk, and how long.
 */
import { DAY_MS, HOUR_MS } from '../adapters/machine/leftovers';
import type { SettingValues } from './settings';

export interface DiskConfig {
  keepMs: number;
  keepReleases: number;
  /** Undefined: workers do not reclaim; only `qo reclaim` does. */
  reclaimEveryMs: number | undefined;
  /** The limit for one project, in bytes; undefined: no limit. */
  projectBytes: number | undefined;
  /** Environment of the child process that reclaims: without keys of models and credentials of repositories. */
  reclaimEnv: Record<string, string>;
}

/** `env`: the environment at the start, before `narrowEnvironment` removes variables. */
export function readDisk(
  { KEEP_DAYS, KEEP_RELEASES, RECLAIM_HOURS, PROJECT_DISK_MB }: SettingValues,
  env: Record<string, string>,
): DiskConfig {
  return {
    keepMs: KEEP_DAYS * DAY_MS,
    keepReleases: KEEP_RELEASES,
    reclaimEveryMs: RECLAIM_HOURS === 0 ? undefined : RECLAIM_HOURS * HOUR_MS,
    projectBytes: PROJECT_DISK_MB === undefined ? undefined : PROJECT_DISK_MB * 1024 ** 2,
    reclaimEnv: Object.fromEntries(Object.entries(env).filter(([name]) => RECLAIM_VARIABLES.test(name))),
  };
}

const RECLAIM_VARIABLES =
  /^(?:PATH|HOME|TMPDIR|XDG_CACHE_HOME|DATA_DIR|SANDBOX|ALLOW_NO_SANDBOX|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS)$|^(?:TEMPORAL_|KEEP_|PAYLOAD_KEYS_FILE$)/;
