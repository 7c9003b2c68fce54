/**
 * The routes of a project's notices: the list, a notice that is sent again, and a test notice.
 */
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { isDeliveryId } from '../../domain/notices/notice';
import { sha256 } from '../../inspect/digest';
import { targetSchema } from '../../requests/notify';
import type { ApiDeps } from '../deps';
import { keyIn } from '../headers';
import type { Route } from '../mount';
import { NO_NOTICE_SETTINGS, resolveTarget } from '../notice-targets';
import { readOutbox, resendNotice, testTargets } from '../notices';
import { parse, projectIdIn } from '../parse';
import { presentNotice } from '../present/notices';
import { malformed } from '../problems';
import { noticesQuerySchema } from '../queries';

const testSchema = z.strictObject({ target: targetSchema.optional() });
const noBody = z.strictObject({});

export function noticeRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/projects/:project_id/notices',
      needs: 'read',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const { state } = parse(noticesQuerySchema, req.query);
        const { entries, forgotten } = await readOutbox(deps, projectId);
        const countOf = (wanted: string) => entries.filter((entry) => entry.state === wanted).length;
        const shown = entries.filter((entry) => state === undefined || entry.state === state);
        res.json({
          project_id: projectId,
          counts: { pending: countOf('pending'), sent: countOf('sent'), dead: countOf('dead') },
          no_longer_listed: forgotten,
          notices: shown.toReversed().map(presentNotice),
        });
      },
    },
    {
      method: 'post',
      path: '/api/projects/:project_id/notices/test',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const { target } = parse(testSchema, req.body ?? {});
        const rules = deps.notices ?? NO_NOTICE_SETTINGS;
        const targets = target === undefined ? rules.targets : [resolveTarget(target, { field: 'target', rules })];
        if (targets.length === 0) throw malformed('target', 'is needed: the setting NOTIFY names no target');
        const key = sha256(keyIn(req) ?? randomUUID()).slice(0, 20);
        const entries = await testTargets(deps, { projectId, key, targets });
        const isTried = entries.length === targets.length && entries.every(({ triedAt }) => triedAt !== null);
        res.status(isTried ? 200 : 202).json({ project_id: projectId, notices: entries.map(presentNotice) });
      },
    },
    {
      method: 'post',
      path: '/api/projects/:project_id/notices/:id/resend',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const { id } = req.params;
        if (!isDeliveryId(id)) throw malformed('id', 'must be the id of a notice, as GET notices lists it');
        parse(noBody, req.body ?? {});
        const key = keyIn(req);
        const updateId = key === null ? randomUUID() : sha256(`${id}\n${key}`);
        res.json({ project_id: projectId, ...presentNotice(await resendNotice(deps, projectId, { id, updateId })) });
      },
    },
  ];
}
