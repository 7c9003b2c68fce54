/**
 * Builds the environment variables that tell a project's commands about the release. Pure.
 */
import type { ReleaseIntent } from '../../ports/release-documents';

/** `previous` is the number of the release that was live before; null if there was none. */
export function variablesOf(
  { id, number, commit }: Pick<ReleaseIntent, 'id' | 'number' | 'commit'>,
  previous: number | null,
): Record<string, string> {
  return {
    Q_RELEASE_ID: id,
    Q_RELEASE_NUMBER: String(number),
    Q_COMMIT: commit,
    Q_PREVIOUS_RELEASE: previous === null ? '' : String(previous),
  };
}
