/**
 * GET record: the whole build as one file, for a check on another machine.
 */
import { readState } from '../builds';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { makeRecord } from '../record/make-record';
import { AS_IT_IS } from '../shown';

export function recordRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/record',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const record = await makeRecord(deps, await readState(deps, workflowId));
        res.locals[AS_IT_IS] = true;
        res.attachment(`${workflowId}.record.json`).json(record);
      },
    },
  ];
}
