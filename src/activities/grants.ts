/**
 * The local activities of a project's ledger that concern its money: proofs and caps before a decision, documents and signals after it.
 */
import { Context } from '@temporalio/activity';
import { Failure } from '../domain/failures';
import { workflowIdOf } from '../domain/ids';
import type { GrantAnswer } from '../domain/money/grants';
import type { Grants } from '../ports/grants';
import type { GrantWrite, MoneyMail, ProvenMail } from './grants-contract';
import type { Deps } from './deps';
import { proveReports } from './keep-records';

/** Adds the workflow run to each request. Throws Failure `Build.Malformed` where it is about another build than the activity's. */
export function grantsOfOwnBuild(grants: Grants): Grants {
  return {
    ensure(request) {
      const { workflowId, runId: run } = Context.current().info.workflowExecution ?? { workflowId: '', runId: '' };
      if (workflowId !== workflowIdOf(request))
        throw new Failure('Build.Malformed', `workflow ${workflowId} asks for a grant of ${workflowIdOf(request)}`);
      return grants.ensure({ ...request, run });
    },
  };
}

export async function proveMoney(deps: Deps, { projectId, reports, asks }: MoneyMail): Promise<ProvenMail> {
  const [areReportsProven, areAsksProven, caps] = await Promise.all([
    proveReports(deps, projectId, reports),
    Promise.all(asks.map((ask) => deps.proofs.holds(projectId, ask))),
    deps.projectCaps(projectId),
  ]);
  return { areReportsProven, areAsksProven, caps };
}

/** The void grants first: what came back may be granted to others. Safe to repeat. */
export async function writeGrants(
  { documents, ledger }: Pick<Deps, 'documents' | 'ledger'>,
  { projectId, voided, granted, woken, at }: GrantWrite,
): Promise<void> {
  const write = async ({ buildId, document }: GrantAnswer): Promise<void> => {
    const key = workflowIdOf({ projectId, buildId });
    const earlier = await documents.load('grants', key);
    // Another try of this activity, on a worker that hung, must not undo a later decision.
    if (earlier === undefined || earlier.at <= at) await documents.replace('grants', key, { ...document, at });
  };
  await Promise.all(voided.map(write));
  await Promise.all(granted.map(write));
  await ledger.wakeBuilds(woken.map((buildId) => workflowIdOf({ projectId, buildId })));
}
