/**
 * What a project's own commands are told about the release, in their environment. Pure.
 */
import type { ReleaseIntent } from '../../ports/release-documents';

/** `previous`: the number of the release that is, or was, live before; empty where none was. */
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
