/**
 * Reads a tree and tells what judges a change in it: tests, what only they read, settings, and what the commands run.
 *
 * Files that the base's run opens are found by what tests name. Watching a run would need a tracer, which the sandbox forbids; times
 * of access are not kept on its file systems.
 */
import { isTestPath, isTestSetting } from '../../domain/files';
import { calledWords, scriptsOf } from '../../domain/test-scripts';
import { namedFiles } from '../../inspect/commands/named-files';
import type { Judges, Why } from '../../inspect/judges/find-judges';
import { CODE, NAMED_AS_TEST } from '../../inspect/judges/graph';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import { keyOfWay } from './run-tests';
import type { Way } from './run-tests';

export type Asked = Pick<StartRequest, 'commands' | 'release'>;

/** Larger ones are generated or data. */
const LONGEST_BYTES = 512 * 1024;
const MOST_BYTES = 64 * 1024 * 1024;
const SETTINGS =
  /\.(?:json5?|jsonc|toml|cfg|ini|ya?ml|mod|opts)$|(?:^|\/)(?:Procfile|[^/]*Dockerfile[^/]*|[^/]*akefile|\.[\w.-]*rc|\.rspec)$/;

interface JudgedBy {
  /** Files in which a run found tests. */
  ran: readonly string[];
  asked: Asked;
  /** Empty where the base commit does not say how its tests are run. */
  testCommand: string[];
  workdir: string;
  /** That are asked for. */
  paths: readonly string[];
}

/** Answers for the paths that are asked for, and for no other one. */
export async function judgesAt(
  deps: Pick<Deps, 'workspace' | 'runners' | 'readers'>,
  at: TreeAt,
  { ran, asked, testCommand, workdir, paths }: JudgedBy,
): Promise<Judges> {
  const { workspace, runners } = deps;
  const listed = await workspace.list(at);
  const files = listed.map(({ path }) => path);
  const isSetting = (path: string): boolean => isTestSetting(path, runners);
  let left = MOST_BYTES;
  const wanted = listed.filter(({ path, bytes }) => {
    if (bytes > LONGEST_BYTES || bytes > left || path.includes('node_modules/')) return false;
    const isRead = CODE.test(path) || SETTINGS.test(path) || isSetting(path);
    if (isRead) left -= bytes;
    return isRead;
  });
  const texts = await workspace.contents(
    at,
    wanted.map(({ path }) => path),
  );
  const tree = { files, read: (path: string) => Promise.resolve(texts.get(path)) };
  const named = async (command: string[]) => namedFiles(tree, command, workdir);
  const programs = await Promise.all(commandsOf(asked).map(named));
  const found = await runReader(deps, 'judges', {
    ...{ paths: files, texts, ran: [...ran], manifestKeys: [...runners.manifestKeys] },
    settings: new Set([...files, ...paths].filter(isSetting)),
    testPrograms: testCommand.length === 0 ? [] : await named(testCommand),
    programs: programs.flat().filter((path) => CODE.test(path) || /akefile$/.test(path)),
    asked: [...paths],
  });
  return { why: (path) => found.get(path), isOfTests: (path) => OF_TESTS.has(found.get(path)) };
}

const OF_TESTS: ReadonlySet<Why | undefined> = new Set(['a test', 'only tests read it']);

/** Beside the tests: what builds, measures, looks at the release, and moves production. */
function commandsOf({ commands, release }: Asked): string[][] {
  const ofTarget = release.target === 'command' ? [release.deploy, release.rollback] : [];
  return [commands?.build, commands?.coverage, release.smoke.command, ...ofTarget].filter((one) => one !== undefined);
}

/** Scripts of package.json that the commands call. */
export async function scriptsCalledBy(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { asked, workdir }: Pick<JudgedBy, 'asked' | 'workdir'>,
): Promise<string[]> {
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const scripts = scriptsOf((await workspace.contents(at, [path])).get(path));
  return commandsOf(asked).flatMap((command) => calledWords(scripts, command));
}

/** Files of the base commit in which its own run found tests, whatever they are called; none where it has not run yet. */
export async function filesThatRan({ documents }: Pick<Deps, 'documents'>, way: Way): Promise<string[]> {
  const kept = await documents.load('baselines', keyOfWay(way));
  const { passed = [], failed = [], flaky = [] } = kept ?? {};
  return [...new Set([...passed, ...failed, ...flaky].map(({ file }) => file))].filter((file) => file !== '');
}

/**
 * Tells tests from production in the tree of a change: production may lie in a folder that is called like one of tests. A path that is
 * not in that tree is told by its name.
 */
export async function testsIn(
  deps: Pick<Deps, 'workspace' | 'runners' | 'readers'>,
  { repo, base, commit }: { repo: RepoId; base: string; commit: string },
): Promise<(path: string) => boolean> {
  const changes = await deps.workspace.contentChanges(repo, base, commit);
  const isDoubtful = (path: string): boolean => isTestPath(path) && CODE.test(path) && !NAMED_AS_TEST.test(path);
  const doubtful = changes.filter(({ path, after }) => after !== null && isDoubtful(path)).map(({ path }) => path);
  if (doubtful.length === 0) return isTestPath;
  const none = {
    ran: [],
    asked: { commands: undefined, release: NO_RELEASE },
    testCommand: [],
    workdir: '',
    paths: doubtful,
  };
  const { isOfTests } = await judgesAt(deps, { ...repo, commit }, none);
  const production = new Set(doubtful.filter((path) => !isOfTests(path)));
  return (path) => isTestPath(path) && !production.has(path);
}

const NO_RELEASE: Asked['release'] = { target: 'directory', smoke: {}, streak: { times: 1, interval_ms: 0 } };
