/**
 * The check workflow: looks at a repository and gives the report. It starts no build and calls no model.
 */
import { isCancellation } from '@temporalio/workflow';
import { refuseForeignCheck } from './inputs';
import type { CheckInput, CheckResult } from './messages';
import { readBeforeWork, failureOf } from './phase';
import { checkActivities } from './proxies';

export async function checkWorkflow(input: CheckInput): Promise<CheckResult> {
  refuseForeignCheck(input);
  try {
    return { kind: 'report', report: await checkActivities.checkRepository(input) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'obstacle', ...failureOf(error), detailsDigest: readBeforeWork(error).detailsDigest };
  }
}
