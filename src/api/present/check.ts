/**
 * Presents a check of a repository: its report, or the failure that prevents a build, or that it still runs.
 */
import type { CheckAnswer } from '../check';
import { readText } from '../contents';
import type { ApiDeps } from '../deps';
import { readReport } from '../status-contents';

export async function presentCheck(deps: ApiDeps, projectId: string, { checkId, result }: CheckAnswer) {
  const ids = { project_id: projectId, check_id: checkId };
  if (result === undefined)
    return { ...ids, status: 'in_progress', instructions: 'Send the same request again; it is the same check.' };
  if (result.kind === 'report') {
    const report = await readReport(deps, result.report.digest);
    return { ...ids, status: 'ready', repository_report: report, failure: null };
  }
  const { type, message, detailsDigest } = result;
  const details = await readText(deps, detailsDigest);
  const failure = { type, message, ...(details === null ? {} : { details }) };
  return { ...ids, status: 'obstacle', repository_report: null, failure };
}
