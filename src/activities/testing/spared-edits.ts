/**
 * Finds edits of old test files that need no approval by a person: added test cases, moved files, tests of deleted code.
 *
 * The report lists these edits. Their new tests are also run without the change, like all new tests.
 */
import { isTestPath } from '../../domain/files';
import type { Judges } from '../../inspect/judges/find-judges';
import type { PathChange } from '../../domain/evidence/tampering';
import type { ExemptEdit } from '../../inspect/readings/spared-edits';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';

interface Span {
  repo: RepoId;
  base: string;
  commit: string;
  /** Files in which the base's own run found tests. */
  ran: string[];
  /** The judges of the base commit. */
  judges: Judges;
  changes: PathChange[];
}

export async function findSparedEdits(deps: Pick<Deps, 'workspace' | 'readers'>, span: Span): Promise<ExemptEdit[]> {
  const { repo, base, commit, changes, ran, judges } = span;
  const { workspace } = deps;
  const old = changes.filter(({ path, before }) => judges.isOfTests(path) && before !== null).map(({ path }) => path);
  const gone = new Set(changes.filter(({ after }) => after === null).map(({ path }) => path));
  const added = changes.filter(({ before, after }) => before === null && after !== null).map(({ path }) => path);
  const [before, after] = await Promise.all([
    workspace.contents({ ...repo, commit: base }, old),
    workspace.contents({ ...repo, commit }, [...old.filter((path) => !gone.has(path)), ...added.filter(isTestPath)]),
  ]);
  const unread = await unreadOf(workspace, { ...repo, commit: base }, span);
  if (old.length === 0 && unread.size === 0) return [];
  return runReader(deps, 'spared', { changes, tests: new Set(old), unread, ran, before, after });
}

/** Files that are code or snapshots; other files in a test folder are data. */
const CODE = /\.(?:[cm]?[jt]sx?|py|go|rs|java|kt|scala|rb|php|cs|c|cc|cpp|h|hpp|swift|sh|snap)$/;
/**
 * Gives changed files that look like judges but that no test reads: data in a test folder that no test of the base names, and a new
 * vite.config of a project without vitest.
 */
async function unreadOf(
  workspace: Deps['workspace'],
  at: TreeAt,
  { changes, judges }: Pick<Span, 'changes' | 'judges'>,
): Promise<Set<string>> {
  const isData = (path: string): boolean => isTestPath(path) && !CODE.test(path);
  const data = changes.filter(({ path, before }) => before !== null && isData(path) && judges.why(path) === undefined);
  const unread = new Set(data.map(({ path }) => path));
  const isVite = ({ path, before }: PathChange): boolean => before === null && /(^|\/)vite\.config\.[^/]+$/.test(path);
  for (const config of changes.filter(isVite)) {
    const manifest = (await workspace.contents(at, ['package.json'])).get('package.json') ?? '';
    if (!manifest.includes('vitest')) unread.add(config.path);
  }
  return unread;
}
