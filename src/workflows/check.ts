/**
 * The check workflow: one look at a repository, and what it came to. It never starts a build and asks no role.
 */
import { isCancellation } from '@temporalio/workflow';
import { refuseForeignCheck } from './inputs';
import type { CheckInput, CheckResult } from './messages';
import { beforeWork, failureOf } from './phase';
import { checking } from './proxies';

export async function checkWorkflow(input: CheckInput): Promise<CheckResult> {
  refuseForeignCheck(input);
  try {
    return { kind: 'report', report: await checking.checkRepository(input) };
  } catch (error) {
    if (isCancellation(error)) throw error;
    return { kind: 'obstacle', ...failureOf(error), detailsDigest: beforeWork(error).detailsDigest };
  }
}
