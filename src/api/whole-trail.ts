/**
 * Puts the audit trail of a build together: its archived pages from the artifact store, then the part in its state.
 */
import type { ArchivePage } from '../domain/build/archive';
import type { BuildState } from '../domain/build/state';
import { readContent } from './contents';
import type { ApiDeps } from './deps';

/** Gives the build with all its events and handoffs. Where a page is missing, the trail begins after it; the counts stay right. */
export async function withWholeTrail(deps: Pick<ApiDeps, 'artifacts'>, build: BuildState): Promise<BuildState> {
  let fullBuild = build;
  while (fullBuild.archive != null) {
    const page = (await readContent(deps, fullBuild.archive.digest)) as ArchivePage | undefined;
    if (page === undefined) return fullBuild;
    fullBuild = withPage(fullBuild, fullBuild.archive, page);
  }
  return fullBuild;
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
