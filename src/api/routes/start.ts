/**
 * POST start: starts a build. The same request again finds the build that it started.
 */
import { workflowIdOf } from '../../domain/ids';
import { startBuild } from '../builds';
import { callerOf } from '../access/callers';
import type { ApiDeps } from '../deps';
import { presentWarnings, readStartSecrets } from '../found-secrets';
import { keyIn, senderIn } from '../headers';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { presentStarted } from '../present/status';
import { startSchema } from '../../requests/start-request';
import { claimKey, readStart, refuseFullProject } from '../start-build';
import { createStartGate } from '../start-gate';

export function startRoutes(deps: ApiDeps): Route[] {
  const gate = createStartGate(deps);
  return [
    {
      method: 'post',
      path: '/api/workflows/:project_id/start',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const key = keyIn(req);
        const startedBy = callerOf(req).name === null ? undefined : senderIn(req);
        const { body, warnings } = await readStartSecrets(deps.readers, parse(startSchema, req.body));
        const start = await readStart(deps, { projectId, key, startedBy, body });
        if (key !== null) await claimKey(deps, start, key);
        await refuseFullProject(deps, start);
        const { isNew, card } = await gate.pass(start, () => startBuild(deps, start));
        const workflowId = workflowIdOf(start);
        res.status(isNew ? 201 : 200).location(`/api/workflows/${workflowId}/status`);
        res.json({ ...presentStarted(workflowId, card), ...presentWarnings(warnings) });
      },
    },
  ];
}
