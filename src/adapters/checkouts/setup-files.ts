/**
 * Describes a project's setup for its callers, and decides by its files whether two commits have the same setup. Pure functions.
 */
import type { ProjectSetup, SetupStep } from '../../ports/checkouts';
import { sha256 } from '../../inspect/digest';
import { isRead, isSetupFile } from '../../inspect/packages/managers';
import type { CommitProject } from './read-project';

/** True if the base's result of `commands.setup` can be used: all files that it names or package managers read are the same. */
export function hasSameSetup(target: CommitProject, base: CommitProject, setup: string[]): boolean {
  const namedPaths = new Set(
    setup.flatMap((word) => word.split(/[\s;&|'"]+/)).map((word) => word.replace(/^\.\//, '')),
  );
  const setupFilesOf = ({ entries, workdir }: CommitProject): string =>
    JSON.stringify(
      entries
        .filter(
          ({ path }) => isForSetup(path) || namedPaths.has(path) || namedPaths.has(path.slice(workdir.length + 1)),
        )
        .map(({ path, id, mode }) => [path, id, mode]),
    );
  return setupFilesOf(target) === setupFilesOf(base);
}

/** True for files that a setup command may read: manifests, and rule files of make and similar tools. */
function isForSetup(path: string): boolean {
  return isSetupFile(path) || isRead(path) || /(^|\/)([Mm]akefile|GNUmakefile|justfile|Taskfile\.ya?ml)$/.test(path);
}

export function setupOf(
  target: CommitProject,
  overrides: { setup?: string[] | undefined },
): Omit<ProjectSetup, 'notes'> {
  const derived: SetupStep[] = target.steps.map(({ manager, folder, plan }) => ({
    ...{ manager, folder, command: plan.command },
    lock: plan.lock === null ? null : pathInFolder(folder, plan.lock),
  }));
  const commandStep =
    overrides.setup === undefined
      ? []
      : [{ manager: 'commands.setup', folder: target.workdir, command: overrides.setup, lock: null }];
  const key = sha256(JSON.stringify([target.workdir, target.inputs, derived, overrides.setup ?? null])).slice(0, 16);
  return { workdir: target.workdir, steps: [...derived, ...commandStep], key };
}

function pathInFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
