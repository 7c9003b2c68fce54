/**
 * GET record: gives the signed record of a build as one file, which `qo verify` checks on any machine.
 */
import { readState } from '../builds';
import type { ApiDeps } from '../deps';
import type { Route } from '../mount';
import { buildIdIn } from '../parse';
import { makeRecord } from '../record/make-record';
import { SKIP_REDACTION } from '../redact-answers';

export function recordRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/workflows/:workflow_id/record',
      needs: 'read',
      async handle(req, res) {
        const { workflowId } = buildIdIn(req);
        const record = await makeRecord(deps, await readState(deps, workflowId));
        res.locals[SKIP_REDACTION] = true;
        res.attachment(`${workflowId}.record.json`).json(record);
      },
    },
  ];
}
