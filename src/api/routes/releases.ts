/**
 * The routes of a project's releases: the list, and the restore of an earlier release.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { remarkOf } from '../../domain/build/sender';
import { sha256 } from '../../inspect/digest';
import { redactValue } from '../../inspect/secrets/redact';
import type { RestoreNote } from '../../ports/release-documents';
import { text } from '../../requests/fields';
import type { ApiDeps } from '../deps';
import { keyIn, senderIn } from '../headers';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { malformed } from '../problems';
import { listReleases, restore } from '../releases';
import type { ListedRelease } from '../releases';

const restoreSchema = z.strictObject({ reason: text(2_000) });

export function releaseRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: '/api/projects/:project_id/releases',
      needs: 'read',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const { live, releases, restores } = await listReleases(deps, projectId);
        res.json({
          ...{ project_id: projectId, live },
          releases: releases.map((one) => presentRelease(projectId, one)),
          restores: restores.map(presentRestore),
        });
      },
    },
    {
      method: 'post',
      path: '/api/projects/:project_id/releases/:number/restore',
      needs: 'operate',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const number = Number(req.params.number);
        if (!Number.isSafeInteger(number) || number < 1) throw malformed('number', 'must be a whole number from 1 on');
        const { reason } = redactValue(parse(restoreSchema, req.body)).value;
        const key = keyIn(req);
        const restoreHex = key === null ? randomBytes(10).toString('hex') : sha256(`${projectId}\n${key}`).slice(0, 20);
        const sender = senderIn(req);
        const task = {
          projectId,
          number,
          restoreId: `r-${restoreHex}`,
          reason,
          ...sender,
          at: new Date().toISOString(),
        };
        const result = await restore(deps, task);
        const common = { project_id: projectId, number, restore_id: task.restoreId, reason, ...sender };
        if (result === null) res.status(202).json({ ...common, status: 'running' });
        else res.json({ ...common, status: result.ok ? 'live' : 'failed', says: result.says, smoke: result.smoke });
      },
    },
  ];
}

function presentRelease(projectId: string, one: ListedRelease) {
  return {
    number: one.number,
    live: one.isLive,
    version: one.version,
    workflow_id: `${projectId}.${one.buildId}`,
    commit: one.commit,
    smoke: one.smoke,
    completed_at: one.completedAt,
    restorable: one.refusal === null,
    reason: one.refusal,
  };
}

function presentRestore({ id, number, reason, actor, at, ended, ...sender }: RestoreNote) {
  return {
    ...{ restore_id: id, number, reason, actor, ...remarkOf(sender), started_at: at },
    status: ended === null ? 'running' : ended.ok ? 'live' : 'failed',
    says: ended?.says ?? null,
    smoke: ended?.smoke ?? null,
    ended_at: ended?.at ?? null,
  };
}
