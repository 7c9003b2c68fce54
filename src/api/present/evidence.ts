/**
 * Presents pages of the evidence under their wire names, with an address for every artifact. Pure.
 */
import { lastEvidence } from '../../domain/evidence/gate-pages';
import type { Page } from '../../domain/evidence/page';
import { pageNamed, pagesOf } from '../../domain/evidence/pages';
import type { PageSources } from '../../domain/evidence/pages';

/** Presents the page called `name`, which then may have more lines; without a name, all pages. */
export function presentEvidence(workflowId: string, sources: PageSources, name: string | undefined) {
  const { build } = sources;
  const namedPage = name === undefined ? undefined : pageNamed(name, sources);
  const pages = namedPage === undefined ? pagesOf(sources) : [namedPage];
  return {
    ...{ workflow_id: workflowId, current_state: build.state, commit: build.commit },
    counts: countsOf(pages),
    pages: pages.map((page) => presentPage(workflowId, page)),
    runs: runsOf(sources),
  };
}

function countsOf(pages: Page[]) {
  const count = (counted: Page['verdict']): number => pages.filter(({ verdict }) => verdict === counted).length;
  return { passed: count('passed'), held: count('held'), not_measured: count('not_measured') };
}

/** The number of test runs that the experiments took, and their seconds; null if there were none. */
function runsOf(sources: PageSources) {
  const experiments = lastEvidence(sources)?.experiments;
  return experiments === undefined ? null : { experiments: experiments.runs, seconds: experiments.seconds };
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
