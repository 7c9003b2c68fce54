/**
 * Makes the repository report of a base commit: what its tree says, then what installing and testing it came to.
 *
 * Nothing here is a role's word. What was measured is kept by commit and way, so that a retry adopts it.
 */
import type { TreeFacts, RepositoryReport } from '../../domain/repository-report';
import { languagesOf } from '../../inspect/project/languages';
import type { ProjectSetup } from '../../ports/checkouts';
import type { TreeAt, Workspace } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import { wishOf } from '../../requests/start-request';
import type { Deps } from '../deps';
import { findAgentFiles } from './agent-files';
import { measureBase } from './measure-base';

/** What of a request decides how its repository is read, made ready and tested. */
export type Asked = Pick<StartRequest, 'repository' | 'commands' | 'workdir'>;

const LARGEST_SHOWN = 10;
const SHOWN = 50;

/** Throws Failure `Environment.*` where something stands in the way. */
export async function makeReport(deps: Deps, at: TreeAt, asked: Asked): Promise<RepositoryReport> {
  const files = await deps.workspace.list(at);
  const setup = await deps.checkouts.look(at, wishOf(asked));
  const [agentFiles, tree, measured] = [
    await findAgentFiles(deps, at, files),
    await factsOf(deps.workspace, at),
    await measureBase(deps, { at, asked, files, workdir: setup.workdir }),
  ];
  const largest = [...files].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST_SHOWN);
  return {
    version: 1,
    commit: at.commit,
    workdir: setup.workdir,
    size: { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), largest },
    languages: languagesOf(files),
    package_managers: managersIn(setup),
    install: { seconds: measured.installSeconds, steps: setup.steps.map(({ command }) => command.join(' ')) },
    tests: measured.tests,
    agent_files: agentFiles,
    tree,
    not_measured: measured.notMeasured,
    notes: [...setup.notes, ...notesOn(tree)].slice(0, SHOWN),
  };
}

function managersIn({ steps }: ProjectSetup): RepositoryReport['package_managers'] {
  return steps.slice(0, SHOWN).map(({ manager, folder, lock, command }) => ({ name: manager, folder, lock, command }));
}

/** Workspaces that do not look at these yet give null. */
async function factsOf(workspace: Workspace & { facts?(at: TreeAt): Promise<TreeFacts> }, at: TreeAt) {
  const facts = await workspace.facts?.(at);
  if (facts === undefined) return null;
  const cut = <T>(list: T[]): T[] => list.slice(0, SHOWN);
  const { submodules, lfs_pointers, encodings, line_ends, links, uncommitted } = facts;
  return {
    ...{ submodules: cut(submodules), lfs_pointers: cut(lfs_pointers), encodings: cut(encodings) },
    ...{ line_ends: cut(line_ends), links: cut(links), uncommitted: cut(uncommitted) },
  };
}

function notesOn(tree: TreeFacts | null): string[] {
  if (tree === null) return [];
  const { submodules, lfs_pointers, uncommitted } = tree;
  return [
    ...(submodules.length > 0 ? [`submodules are not part of the build: ${submodules.slice(0, 5).join(', ')}`] : []),
    ...(lfs_pointers.length > 0
      ? [`files of git LFS are pointers in the build, not their content: ${lfs_pointers.slice(0, 5).join(', ')}`]
      : []),
    ...(uncommitted.length > 0
      ? [`uncommitted changes are not part of the build: ${uncommitted.slice(0, 5).join(', ')}`]
      : []),
  ];
}
