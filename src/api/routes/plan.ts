/**
 * PUT plan: a person replaces the plan that waits for its approval. The gate then opens anew, with another digest.
 */
import { canonicalJson } from '../../domain/canonical';
import type { Wire } from '../../domain/commands/fields';
import { planBodySchema } from '../../requests/plan';
import type { ApiDeps } from '../deps';
import { presentWarnings, readPlanSecrets } from '../found-secrets';
import { keyIn, senderIn } from '../headers';
import type { Route } from '../mount';
import { buildIdIn, parse } from '../parse';
import { prepareCommand, sendCommand } from '../send-command';

export function planRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'put',
      path: '/api/workflows/:workflow_id/plan',
      needs: 'operate',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const { body, warnings } = await readPlanSecrets(deps.readers, parse(planBodySchema, req.body));
        const { plan, expected_digest, reason, expected_revision } = body;
        const stored = await deps.artifacts.put(canonicalJson(plan));
        const wire = {
          ...{ plan: stored.digest, bytes: stored.bytes, expected_digest },
          ...(reason === undefined ? {} : { reason }),
          ...(expected_revision === undefined ? {} : { expected_revision }),
        };
        const sent = { ...wire, ...senderIn(req) };
        const command = prepareCommand({ name: 'edit_plan', body: body as Wire, wire: sent, key: keyIn(req) });
        const answer = await sendCommand(deps, workflowId, command);
        res.json({
          ...{ workflow_id: workflowId, plan_edited: true, plan_digest: stored.digest },
          instructions: 'The approval of the earlier page is void. GET approvals shows the new page and its diff.',
          ...{ current_state: answer.newState, by: answer.actor, revision: answer.revision, timestamp: answer.at },
          ...presentWarnings(warnings),
        });
      },
    },
  ];
}
