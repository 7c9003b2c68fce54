/**
 * The settings of what is kept on disk, and how long.
 */
import { DAY_MS, HOUR_MS } from '../adapters/machine/leftovers';
import type { SettingValues } from './settings';

export interface DiskConfig {
  keepMs: number;
  keepReleases: number;
  /** Undefined: a worker never reclaims by itself. */
  reclaimEveryMs: number | undefined;
  /** Of one project; undefined: no limit. */
  projectBytes: number | undefined;
  /** Environment of the child that reclaims: no key of a model, no credential of a repository. */
  reclaimEnv: Record<string, string>;
}

/** `env`: as it was at the start, before this process forgets what its children need not know. */
export function readDisk(
  { KEEP_DAYS, KEEP_RELEASES, RECLAIM_HOURS, PROJECT_DISK_MB }: SettingValues,
  env: Record<string, string>,
): DiskConfig {
  return {
    keepMs: KEEP_DAYS * DAY_MS,
    keepReleases: KEEP_RELEASES,
    reclaimEveryMs: RECLAIM_HOURS === 0 ? undefined : RECLAIM_HOURS * HOUR_MS,
    projectBytes: PROJECT_DISK_MB === undefined ? undefined : PROJECT_DISK_MB * 1024 ** 2,
    reclaimEnv: Object.fromEntries(Object.entries(env).filter(([name]) => NEEDED.test(name))),
  };
}

const NEEDED =
  /^(?:PATH|HOME|TMPDIR|XDG_CACHE_HOME|DATA_DIR|SANDBOX|ALLOW_NO_SANDBOX|NODE_ENV|NODE_OPTIONS|NODE_EXTRA_CA_CERTS)$|^(?:TEMPORAL_|KEEP_|PAYLOAD_KEYS_FILE$)/;
