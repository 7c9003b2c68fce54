/**
 * The audit trail of a build as one: what it holds itself, and before that the pages that it gave to the artifact store.
 */
import type { ArchivePage } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import { readContent } from './contents';
import type { ApiDeps } from './deps';

/** The build as if it had kept everything. Where a page is missing, the trail begins behind it and the counts still know it. */
export async function withWholeTrail(deps: Pick<ApiDeps, 'artifacts'>, build: BuildState): Promise<BuildState> {
  let whole = build;
  while (whole.archive != null) {
    const page = (await readContent(deps, whole.archive.digest)) as ArchivePage | undefined;
    if (page === undefined) return whole;
    whole = withPage(whole, whole.archive, page);
  }
  return whole;
}

function withPage(build: BuildState, archive: NonNullable<BuildState['archive']>, page: ArchivePage): BuildState {
  const events = archive.events - page.events.length;
  const handoffs = archive.handoffs - page.handoffs.length;
  return {
    ...build,
    events: [...page.events, ...build.events],
    handoffs: [...page.handoffs, ...build.handoffs],
    archive: page.previous === null ? null : { digest: page.previous, events, handoffs },
  };
}
