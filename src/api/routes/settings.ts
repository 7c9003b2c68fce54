/**
 * The routes of a project's settings: the newest version with all earlier ones named, one version, and the next version.
 */
import { remarkOf } from '../../domain/build/sender';
import { usdOf } from '../../domain/money/usd';
import type { Amounts } from '../../domain/money/amounts';
import { capsOf } from '../../domain/money/project-caps';
import { redactText } from '../../inspect/secrets/redact';
import type { StoredSettings } from '../../ports/project-settings';
import { putSettingsSchema } from '../../requests/project-settings';
import type { ApiDeps } from '../deps';
import { senderIn } from '../headers';
import type { Route } from '../mount';
import { parse, projectIdIn } from '../parse';
import { storeSettings } from '../project-settings';
import { resolveRelease } from '../repository';

const PATH = '/api/projects/:project_id/settings';

export function settingsRoutes(deps: ApiDeps): Route[] {
  return [
    {
      method: 'get',
      path: PATH,
      needs: 'read',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const newest = await deps.projectSettings.latest(projectId);
        const versions = await deps.projectSettings.versions(projectId);
        res.json({ ...present(deps, projectId, newest), versions: await presentVersions(deps, projectId, versions) });
      },
    },
    {
      method: 'put',
      path: PATH,
      needs: 'administer',
      async handle(req, res) {
        const projectId = projectIdIn(req);
        const { settings, expected_version: expectedVersion, reason } = parse(putSettingsSchema, req.body);
        const release = settings.release && (await resolveRelease(settings.release, deps));
        const stored = await storeSettings(deps, projectId, {
          settings: release === undefined ? settings : { ...settings, release },
          ...{ expectedVersion, reason: redactText(reason).text, sender: senderIn(req) },
        });
        res.json(present(deps, projectId, stored));
      },
    },
  ];
}

function present(deps: ApiDeps, projectId: string, stored: StoredSettings | null) {
  const caps = capsOf(stored?.settings.budget, deps.projectCaps ?? { total: {}, day: {} });
  return {
    project_id: projectId,
    version: stored?.version ?? 0,
    settings: stored?.settings ?? {},
    // The caps that hold, those of the installation included.
    caps: { ...presentAmounts(caps.total), day: presentAmounts(caps.day) },
    ...(stored === null ? {} : presentChange(stored)),
  };
}

function presentAmounts({ microUsd, tokens, calls }: Partial<Amounts>) {
  return { usd: microUsd === undefined ? null : usdOf(microUsd), tokens: tokens ?? null, calls: calls ?? null };
}

function presentChange({ actor, reason, at, ...sender }: Pick<StoredSettings, 'actor' | 'remark' | 'reason' | 'at'>) {
  return { by: actor, ...remarkOf(sender), reason, timestamp: at };
}

/** The newest versions of the list; older ones stay in the data folder. */
const VERSIONS_SHOWN = 50;

async function presentVersions(deps: ApiDeps, projectId: string, versions: number[]) {
  const shown = await Promise.all(
    versions.slice(0, VERSIONS_SHOWN).map((version) => deps.projectSettings.load(projectId, version)),
  );
  return shown.flatMap((one) =>
    one === null ? [] : [{ version: one.version, ...presentChange(one), settings: one.settings }],
  );
}
