/**
 * Makes the repository report of a base commit: what its tree says, then what installing and testing it came to.
 *
 * Nothing here is a role's word. What was measured is kept by commit and way, so that a retry adopts it.
 */
import type { RepositoryReport } from '../../domain/repository-report';
import { languagesOf } from '../../inspect/project/languages';
import type { ProjectSetup } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import { wishOf } from '../../requests/start-request';
import type { Deps } from '../deps';
import { findAgentFiles } from './agent-files';
import { measureBase } from './measure-base';
import { notesOn, readTreeFacts } from './tree-facts';

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
    await readTreeFacts(deps.workspace, at),
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
