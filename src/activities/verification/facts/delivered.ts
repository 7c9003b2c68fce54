/**
 * Finds places of a change where the delivered program may differ from the tested one. This file reads both trees; the rules judge.
 *
 * The texts of all code and settings are read only if a rule must know which file loads which.
 */
import { deliveredText } from '../../../domain/delivered';
import type { DeliveredFact, DeliveredOfFile } from '../../../domain/delivered';
import { isAlwaysRead } from '../../../inspect/delivered/delivered';
import type { DeliveredTree } from '../../../inspect/delivered/tree';
import { isAnySetting } from '../../../inspect/delivered/variable-mentions';
import { CODE } from '../../../inspect/judges/graph';
import type { DeliveredFindings } from '../../../inspect/readings/delivered';
import type { Deps } from '../../deps';
import { runReader } from '../../run-reader';
import type { Change } from './change';

type DeliveredDeps = Pick<Deps, 'workspace' | 'artifacts' | 'readers'>;
type RequestFacts = Pick<DeliveredTree, 'testCommand' | 'isBuilt' | 'asked'>;

/** Larger files are generated, or data. */
const MAX_FILE_BYTES = 512 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;

export async function readDelivered(
  deps: DeliveredDeps,
  change: Change,
  asked: RequestFacts,
): Promise<{ files: DeliveredOfFile[]; notes: string[] }> {
  const { repo, base, commit } = change;
  const { judged, unread } = await readTree(deps, change, asked);
  const { found } = judged;
  const notes = [...judged.notes, ...(unread === 0 ? [] : [describeUnread(unread)])];
  if (found.length === 0) return { files: [], notes };
  const diff = found.some(({ showsWholeChange }) => showsWholeChange === true)
    ? await deps.workspace.diff(repo, base, commit)
    : '';
  const paths = [...new Set(found.map(({ path }) => path))];
  const storedFiles = paths.map((path) =>
    keepFacts(deps, change, { facts: found.filter((fact) => fact.path === path), diff }),
  );
  return { files: await Promise.all(storedFiles), notes };
}

function describeUnread(files: number): string {
  return `${files} files of code or settings were not read, because one exceeds ${MAX_FILE_BYTES / 1024} KiB or all exceed ${MAX_TOTAL_BYTES / 1024 / 1024} MiB; what they load or set is not known`;
}

async function readTree(
  deps: DeliveredDeps,
  change: Change,
  asked: RequestFacts,
): Promise<{ judged: DeliveredFindings; unread: number }> {
  const { workspace } = deps;
  const { repo, base, commit, files, added, paths } = change;
  const at = { ...repo, commit };
  const changed = files.filter(({ binary }) => !binary).map(({ path }) => path);
  const pathsReadFirst = [...new Set([...changed, ...paths.filter(isAlwaysRead)])];
  const [after, before] = await Promise.all([
    workspace.contents(
      at,
      pathsReadFirst.filter((path) => paths.includes(path)),
    ),
    workspace.contents({ ...repo, commit: base }, changed),
  ]);
  const tree = { files, added: added.lines, paths, after, before, ...asked };
  const nearby = await runReader(deps, 'deliveredNearby', tree);
  if (nearby !== null) return { judged: nearby, unread: 0 };
  const otherFiles = (await workspace.list(at)).filter(
    ({ path }) => (CODE.test(path) || isAnySetting(path)) && !after.has(path) && !path.includes('node_modules/'),
  );
  let leftBytes = MAX_TOTAL_BYTES;
  const filesWithinLimit = otherFiles.filter(({ bytes }) => bytes <= MAX_FILE_BYTES && (leftBytes -= bytes) > 0);
  const otherTexts = await workspace.contents(
    at,
    filesWithinLimit.map(({ path }) => path),
  );
  const judged = await runReader(deps, 'delivered', { ...tree, after: new Map([...after, ...otherTexts]) });
  return { judged, unread: otherFiles.length - filesWithinLimit.length };
}

async function keepFacts(
  { artifacts }: DeliveredDeps,
  { files }: Change,
  { facts, diff }: { facts: DeliveredFact[]; diff: string },
): Promise<DeliveredOfFile> {
  const path = facts[0]?.path ?? '';
  const { before = null, after = null } = files.find((file) => file.path === path) ?? {};
  const { digest } = await artifacts.put(deliveredText(facts, { path, before, after }, diff));
  return { path, facts, digest };
}
