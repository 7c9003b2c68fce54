/**
 * Makes the repository report of a base commit: what its tree says, then what installing and testing it came to.
 *
 * Nothing here is a role's word. What was measured is kept by commit and way, so that a retry adopts it.
 */
import type { TreeFacts, RepositoryReport } from '../../domain/repository-report';
import { languagesOf } from '../../inspect/project/languages';
import type { ProjectSetup } from '../../ports/checkouts';
import type { TreeAt } from '../../ports/workspace';
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
    await factsOf(deps, at),
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

async function factsOf({ workspace }: Pick<Deps, 'workspace'>, at: TreeAt): Promise<TreeFacts> {
  const { source, submodules, lfs, oddNames, oddTexts, marked, lineEnds, links, unread } = await workspace.facts(at);
  return {
    ...{ branch: source.branch, is_shallow: source.isShallow, uncommitted: source.uncommitted, unread },
    submodules: submodules.slice(0, SHOWN).map(({ path }) => path),
    lfs: lfs.slice(0, SHOWN).map(({ path, bytes, isPresent }) => ({ path, bytes, is_present: isPresent })),
    ...{ odd_names: oddNames, odd_texts: oddTexts, marked },
    line_ends: { lf: lineEnds.lf, crlf: lineEnds.crlf, mixed: lineEnds.mixed.count },
    links: { kept: links.kept, refused: links.refused.slice(0, SHOWN) },
  };
}

function notesOn({ is_shallow, uncommitted, lfs, links, odd_texts, unread }: TreeFacts): string[] {
  const absent = lfs.filter((one) => !one.is_present).map(({ path }) => path);
  const list = (paths: string[]): string => paths.slice(0, 5).join(', ');
  return [
    ...(is_shallow ? ['the history that was taken in is not whole'] : []),
    ...((uncommitted ?? 0) > 0 ? [`${uncommitted} uncommitted files are not part of the build`] : []),
    ...(absent.length > 0
      ? [`git LFS keeps ${absent.length} files elsewhere; the build has their pointers only: ${list(absent)}`]
      : []),
    ...(links.refused.length > 0
      ? [`links that lead out of the repository are left out: ${list(links.refused.map(({ path }) => path))}`]
      : []),
    ...(odd_texts.count > 0
      ? [`${odd_texts.count} texts are not UTF-8 and are read as latin-1: ${list(odd_texts.paths)}`]
      : []),
    ...(unread > 0 ? [`${unread} files are too large to be looked at`] : []),
  ];
}
