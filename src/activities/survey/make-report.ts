/**
 * Makes the repository report of a base commit: facts about its tree, and the results of installing and testing it.
 *
 * No role contributes to it. Measurements are stored by commit and test method, so that a retry need not repeat them.
 */
import type { RepositoryReport } from '../../domain/repository-report';
import { findUnmeasured } from '../../inspect/commands/find-unmeasured';
import { languagesOf } from '../../inspect/project/languages';
import type { ProjectSetup } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import { overridesOf } from '../../requests/start-request';
import type { Deps } from '../deps';
import { findAgentFiles } from './agent-files';
import { measureBase } from './measure-base';
import { notesOn, readTreeFacts } from './tree-facts';

/** The members of a request that decide how its repository is read, installed and tested. */
export type SurveyRequest = Pick<StartRequest, 'repository' | 'commands' | 'workdir'>;

const MAX_LARGEST_FILES = 10;
const MAX_ENTRIES = 50;

/** Throws Failure `Environment.*` where the base cannot be installed or tested. */
export async function makeReport(deps: Deps, at: TreeAt, request: SurveyRequest): Promise<RepositoryReport> {
  const files = await deps.workspace.list(at);
  const setup = await deps.checkouts.look(at, overridesOf(request));
  const [agentFiles, tree, measured] = [
    await findAgentFiles(deps, at, files),
    await readTreeFacts(deps.workspace, at),
    await measureBase(deps, { at, request, files, workdir: setup.workdir }),
  ];
  const { command } = measured.tests;
  const { workdir } = setup;
  const largest = [...files].sort((a, b) => b.bytes - a.bytes).slice(0, MAX_LARGEST_FILES);
  return {
    version: 1,
    commit: at.commit,
    workdir,
    size: { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), largest },
    languages: languagesOf(files),
    package_managers: listManagers(setup),
    install: {
      seconds: measured.installSeconds,
      steps: setup.steps.map(({ command }) => command.join(' ')),
      ...(measured.fetched === undefined ? {} : { fetched: measured.fetched }),
    },
    tests: measured.tests,
    agent_files: agentFiles,
    tree,
    not_measured: [...measured.notMeasured, ...(await findUnmeasuredChecks(deps, at, { workdir, command }))].slice(
      0,
      MAX_ENTRIES,
    ),
    notes: [...setup.notes, ...notesOn(tree)].slice(0, MAX_ENTRIES),
  };
}

/** Gives sentences about checks of the repository that the test command does not run; none where no command is known. */
async function findUnmeasuredChecks(
  deps: Deps,
  at: TreeAt,
  { workdir, command }: { workdir: string; command: string[] | null },
): Promise<string[]> {
  if (command === null) return [];
  const files = (await deps.workspace.list(at)).map(({ path }) => path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(at, path) : undefined);
  return findUnmeasured({ files, read }, { workdir, command });
}

function listManagers({ steps }: ProjectSetup): RepositoryReport['package_managers'] {
  return steps
    .slice(0, MAX_ENTRIES)
    .map(({ manager, folder, lock, command }) => ({ name: manager, folder, lock, command }));
}
