/**
 * Looks whether a change has touched what it is judged by. The rules are the domain's; here the trees are read.
 */
import { digestOf } from '../../inspect/digest';
import { namedFiles } from '../../inspect/commands/named-files';
import { describeTampering, findTampering, isApproved, tamperingText } from '../../domain/evidence/tampering';
import type { Locked } from '../../domain/evidence/tampering';
import type { PhaseTask } from '../contract';
import type { Deps } from '../deps';
import type { TreeAt } from '../../ports/workspace';
import { unlock } from './locked-tests';
import type { StoredRequest } from '../context';

/** What is to be objected, and the lock that still holds: approved changes to locked tests leave it. */
export async function checkTampering(
  deps: Deps,
  task: PhaseTask,
  place: { base: string; commit: string; commands: StoredRequest['commands'] },
): Promise<{ objections: string[]; locked: Locked | null; approved: string[] }> {
  const { projectId, buildId, locked } = task;
  const { commands } = place;
  const at = { projectId, buildId, commit: place.commit };
  const before = { ...at, commit: place.base };
  const files = (await deps.workspace.list(before)).map((file) => file.path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(before, path) : undefined);
  const choice = await deps.runners.choose({ files, read }, commands?.test);
  const found = findTampering({
    changes: await deps.workspace.contentChanges(at, place.base, place.commit),
    unlocked: await unlockedPaths(deps, at, locked),
    locked,
    manifest: { before: await readIf(deps, before, 'package.json'), after: await readIf(deps, at, 'package.json') },
    named: choice === undefined ? [] : await namedFiles({ files, read }, commands?.test ?? choice.command),
    fromNothing: files.length === 0,
  });
  if (found.length === 0) return { objections: [], locked, approved: [] };
  // Kept, so that a person can read what the digest names before approving it, and a record holds it.
  const { digest } = await deps.artifacts.put(tamperingText(found));
  if (isApproved(task.approvals, 'tampering', digest)) {
    const approved = found.map(({ path }) => path);
    return { objections: [], locked: await unlock(deps.artifacts, locked, approved), approved };
  }
  return { objections: [describeTampering(found, digest)], locked, approved: [] };
}

async function unlockedPaths(deps: Deps, at: TreeAt, locked: Locked | null): Promise<string[]> {
  const judged = Object.entries(locked?.files ?? {}).map(async ([path, digest]) => {
    const text = await readIf(deps, at, path);
    return text !== null && digestOf(text) === digest ? [] : [path];
  });
  return (await Promise.all(judged)).flat();
}

async function readIf(deps: Deps, at: TreeAt, path: string): Promise<string | null> {
  // Not there, or nothing that can be read as text: in both cases it is not what it should be.
  return deps.workspace.read(at, path).catch(() => null);
}
