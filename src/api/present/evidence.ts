/**
 * Pages of the evidence under their wire names, with an address for every artifact. Pure.
 */
import { lastEvidence } from '../../domain/evidence/gate-pages';
import type { Page } from '../../domain/evidence/page';
import { pageNamed, pagesOf } from '../../domain/evidence/pages';
import type { PageSources } from '../../domain/evidence/pages';

/** `name`: one page, with more room for its lines; all of them where it is absent. */
export function presentEvidence(workflowId: string, sources: PageSources, name: string | undefined) {
  const { build } = sources;
  const one = name === undefined ? undefined : pageNamed(name, sources);
  const pages = one === undefined ? pagesOf(sources) : [one];
  return {
    ...{ workflow_id: workflowId, current_state: build.state, commit: build.commit },
    counts: countsOf(pages),
    pages: pages.map((page) => presentPage(workflowId, page)),
    runs: runsOf(sources),
  };
}

function countsOf(pages: Page[]) {
  const of = (wanted: Page['verdict']): number => pages.filter(({ verdict }) => verdict === wanted).length;
  return { passed: of('passed'), held: of('held'), not_measured: of('not_measured') };
}

/** What the experiments cost. */
function runsOf(sources: PageSources) {
  const made = lastEvidence(sources)?.experiments;
  return made === undefined ? null : { experiments: made.runs, seconds: made.seconds };
}

function presentPage(workflowId: string, { ran, digests, ...page }: Page) {
  const { commit, isCurrent, commands } = ran;
  return {
    ...page,
    ran: { commit, is_current: isCurrent, commands },
    digests: digests.map((one) => ({ ...one, url: `/api/workflows/${workflowId}/artifacts/${one.digest}` })),
    page_url: `/api/workflows/${workflowId}/evidence?name=${page.name}`,
  };
}
