/**
 * What a project's set-up is, as others are told of it, and which files decide that two commits have the same one. Pure.
 */
import type { ProjectSetup, SetupStep } from '../../ports/checkouts';
import { sha256 } from '../../inspect/digest';
import { isRead, isSetupFile } from '../../inspect/packages/managers';
import type { ReadProject } from './read-project';

/** Files that `commands.setup` names, and those that package managers read, decide whether the base's result serves. */
export function sameSetup(own: ReadProject, base: ReadProject, setup: string[]): boolean {
  const named = new Set(setup.flatMap((word) => word.split(/[\s;&|'"]+/)).map((word) => word.replace(/^\.\//, '')));
  const of = ({ entries, workdir }: ReadProject): string =>
    JSON.stringify(
      entries
        .filter(({ path }) => isForSetup(path) || named.has(path) || named.has(path.slice(workdir.length + 1)))
        .map(({ path, id, mode }) => [path, id, mode]),
    );
  return of(own) === of(base);
}

/** What a set-up command may go by, beside the manifests: rules of make and its like. */
function isForSetup(path: string): boolean {
  return isSetupFile(path) || isRead(path) || /(^|\/)([Mm]akefile|GNUmakefile|justfile|Taskfile\.ya?ml)$/.test(path);
}

export function setupOf(own: ReadProject, wish: { setup?: string[] | undefined }): Omit<ProjectSetup, 'notes'> {
  const derived: SetupStep[] = own.steps.map(({ manager, folder, plan }) => ({
    ...{ manager, folder, command: plan.command },
    lock: plan.lock === null ? null : folder === '' ? plan.lock : `${folder}/${plan.lock}`,
  }));
  const byHand =
    wish.setup === undefined
      ? []
      : [{ manager: 'commands.setup', folder: own.workdir, command: wish.setup, lock: null }];
  const key = sha256(JSON.stringify([own.workdir, own.inputs, derived, wish.setup ?? null])).slice(0, 16);
  return { workdir: own.workdir, steps: [...derived, ...byHand], key };
}
