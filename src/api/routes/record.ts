/**
 * GET record: the whole build as one file, for whoever wants to check it elsewhere.
 */
import { readState } from '../builds';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { makeRecord } from '../record/make-record';

export function recordRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/record',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const record = await makeRecord(deps, await readState(deps, workflowId));
        res.attachment(`${workflowId}.record.json`).json(record);
      },
    },
  ];
}
