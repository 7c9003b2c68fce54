/**
 * Gate `files`: the Code Writer's account of changed files agrees with git, in both directions.
 *
 * Only three lists count as claims: files in its answer, files written by tools, and the listed paths. Prose is not parsed.
 */
import type { AccountFacts, ChangeFacts } from './facts';
import type { Gate, GateResult } from './gate';

export const files = {
  name: 'files',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: 'What the Code Writer says it changed is what git shows changed, in both directions.',
    helps: 'Name every file that was changed, and none that was not.',
  },
  judge,
} as const satisfies Gate<'change'>;

function judge({ files: changed, account }: ChangeFacts): GateResult {
  return { reasons: [...changesWithoutAccount(account), ...falseClaims({ files: changed, account })] };
}

/** Changed paths that the account does not contain. */
function changesWithoutAccount({ commits }: AccountFacts): string[] {
  return commits.flatMap(({ commit, phase, paths, accounted }) => {
    const shortCommit = commit.slice(0, 12);
    if (phase === null) return [`commit ${shortCommit} is on the branch but is no work of this build`];
    if (phase !== 'implementation' || accounted === null) return [];
    const accountedPaths = new Set(accounted);
    return paths
      .filter((path) => !accountedPaths.has(path))
      .map((path) => `${path} changed in ${shortCommit}, but was not written`);
  });
}

/** Claims that git contradicts: files that did not change, or have another content. */
function falseClaims({ files, account }: Pick<ChangeFacts, 'files' | 'account'>): string[] {
  const changedFiles = new Map(files.map((file) => [file.path, file]));
  const pathsOf = (phaseName: string) =>
    new Set(account.commits.filter(({ phase }) => phase === phaseName).flatMap(({ paths }) => paths));
  const changedInTesting = pathsOf('testing');
  // A path that a later attempt restored to the base content is in a commit, but not in the whole change.
  const changedInImplementation = pathsOf('implementation');
  const handedOver = account.handedOver.flatMap(({ path, blob }) => {
    const file = changedFiles.get(path);
    if (file === undefined)
      return changedInImplementation.has(path) ? [] : [`${path} was handed over as changed, but is as it was`];
    if (changedInTesting.has(path) || file.after === blob) return [];
    if (blob === null) return [`${path} was said to be deleted, but is there`];
    return [`${path} is ${file.after === null ? 'not there' : 'not what was handed over'}`];
  });
  const handedOverPaths = new Set(account.handedOver.map(({ path }) => path));
  const listed = account.listed
    .filter((path) => !changedFiles.has(path) && !handedOverPaths.has(path) && !changedInImplementation.has(path))
    .map((path) => `${path} is listed as changed, but is as it was`);
  return [...handedOver, ...listed];
}
