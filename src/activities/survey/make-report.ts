/**
 * Makes the repository report of a base commit: what its tree says, then what installing and testing it came to.
 *
 * Nothing here is a role's word. What was measured is kept by commit and way, so that a retry adopts it.
 */
import type { RepositoryReport } from '../../domain/repository-report';
import { findUnmeasured } from '../../inspect/commands/find-unmeasured';
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
  const { command } = measured.tests;
  const { workdir } = setup;
  const largest = [...files].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST_SHOWN);
  return {
    version: 1,
    commit: at.commit,
    workdir,
    size: { files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0), largest },
    languages: languagesOf(files),
    package_managers: managersIn(setup),
    install: {
      seconds: measured.installSeconds,
      steps: setup.steps.map(({ command }) => command.join(' ')),
      ...(measured.fetched === undefined ? {} : { fetched: measured.fetched }),
    },
    tests: measured.tests,
    agent_files: agentFiles,
    tree,
    not_measured: [...measured.notMeasured, ...(await unmeasured(deps, at, { workdir, command }))].slice(0, SHOWN),
    notes: [...setup.notes, ...notesOn(tree)].slice(0, SHOWN),
  };
}

/** Where no command is known, that alone is said. */
async function unmeasured(
  deps: Deps,
  at: TreeAt,
  { workdir, command }: { workdir: string; command: string[] | null },
): Promise<string[]> {
  if (command === null) return [];
  const files = (await deps.workspace.list(at)).map(({ path }) => path);
  const read = async (path: string) => (files.includes(path) ? deps.workspace.read(at, path) : undefined);
  return findUnmeasured({ files, read }, { workdir, command });
}

function managersIn({ steps }: ProjectSetup): RepositoryReport['package_managers'] {
  return steps.slice(0, SHOWN).map(({ manager, folder, lock, command }) => ({ name: manager, folder, lock, command }));
}
