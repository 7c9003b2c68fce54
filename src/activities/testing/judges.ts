/**
 * Finds the judges of a change in a tree, that is the files that decide whether it passes: tests, files that only tests read, settings,
 * and the programs that the commands run.
 *
 * It finds the files that a test run opens by the names in the tests. It cannot watch the run itself: the sandbox forbids a tracer,
 * and its file systems store no access times.
 */
import { isTestPath, isTestSetting } from '../../domain/files';
import { calledWords, scriptsOf } from '../../domain/test-scripts';
import { namedFiles } from '../../inspect/commands/named-files';
import type { Judges, JudgeReason } from '../../inspect/judges/find-judges';
import { CODE, NAMED_AS_TEST } from '../../inspect/judges/graph';
import type { RepoId, TreeAt } from '../../ports/workspace';
import type { StartRequest } from '../../requests/start-request';
import type { Deps } from '../deps';
import { runReader } from '../run-reader';
import { testMethodKey } from './run-tests';
import type { TestMethod } from './run-tests';

export type RequestCommands = Pick<StartRequest, 'commands' | 'release'>;

/** Larger files are generated, or data. */
const MAX_FILE_BYTES = 512 * 1024;
const MAX_TOTAL_BYTES = 64 * 1024 * 1024;
/** Matches settings by their suffix, and files of a fixed name: Procfile, Dockerfile, Makefile, Rakefile, `.eslintrc` and the like. */
const SETTINGS =
  /\.(?:json5?|jsonc|toml|cfg|ini|ya?ml|mod|opts)$|(?:^|\/)(?:Procfile|[^/]*Dockerfile[^/]*|[^/]*akefile|\.[\w.-]*rc|\.rspec)$/;

interface JudgedBy {
  /** Files in which a run found tests. */
  ran: readonly string[];
  asked: RequestCommands;
  /** Empty where the base commit has no test command. */
  testCommand: string[];
  workdir: string;
  /** The paths for which the caller needs an answer. */
  paths: readonly string[];
}

/** Gives for each of `paths` the reason why it is a judge, if it is one. Other paths get no answer. */
export async function judgesAt(
  deps: Pick<Deps, 'workspace' | 'runners' | 'readers'>,
  at: TreeAt,
  { ran, asked, testCommand, workdir, paths }: JudgedBy,
): Promise<Judges> {
  const { workspace, runners } = deps;
  const listed = await workspace.list(at);
  const files = listed.map(({ path }) => path);
  const isSetting = (path: string): boolean => isTestSetting(path, runners);
  let leftBytes = MAX_TOTAL_BYTES;
  const filesToRead = listed.filter(({ path, bytes }) => {
    if (bytes > MAX_FILE_BYTES || bytes > leftBytes || path.includes('node_modules/')) return false;
    const isRead = CODE.test(path) || SETTINGS.test(path) || isSetting(path);
    if (isRead) leftBytes -= bytes;
    return isRead;
  });
  const texts = await workspace.contents(
    at,
    filesToRead.map(({ path }) => path),
  );
  const tree = { files, read: (path: string) => Promise.resolve(texts.get(path)) };
  const findNamedFiles = async (command: string[]) => namedFiles(tree, command, workdir);
  const programs = await Promise.all(commandsOf(asked).map(findNamedFiles));
  const found = await runReader(deps, 'judges', {
    ...{ paths: files, texts, testFilesRun: [...ran], manifestKeys: [...runners.manifestKeys] },
    settings: new Set([...files, ...paths].filter(isSetting)),
    testPrograms: testCommand.length === 0 ? [] : await findNamedFiles(testCommand),
    programs: programs.flat().filter((path) => CODE.test(path) || /akefile$/.test(path)),
    asked: [...paths],
  });
  return { why: (path) => found.get(path), isOfTests: (path) => OF_TESTS.has(found.get(path)) };
}

const OF_TESTS: ReadonlySet<JudgeReason | undefined> = new Set(['a test', 'only tests read it']);

/** Gives the commands other than the test command: build, coverage, smoke test, deploy and rollback. */
function commandsOf({ commands, release }: RequestCommands): string[][] {
  const ofTarget = release.target === 'command' ? [release.deploy, release.rollback] : [];
  return [commands?.build, commands?.coverage, release.smoke.command, ...ofTarget].filter(
    (command) => command !== undefined,
  );
}

/** Gives the scripts of package.json that these commands call. */
export async function scriptsCalledBy(
  { workspace }: Pick<Deps, 'workspace'>,
  at: TreeAt,
  { asked, workdir }: Pick<JudgedBy, 'asked' | 'workdir'>,
): Promise<string[]> {
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const scripts = scriptsOf((await workspace.contents(at, [path])).get(path));
  return commandsOf(asked).flatMap((command) => calledWords(scripts, command));
}

/** Gives the files of the base commit in which its stored test run found tests; none where it has not run yet. */
export async function filesThatRan({ documents }: Pick<Deps, 'documents'>, method: TestMethod): Promise<string[]> {
  const kept = await documents.load('baselines', testMethodKey(method));
  const { passed = [], failed = [], flaky = [] } = kept ?? {};
  return [...new Set([...passed, ...failed, ...flaky].map(({ file }) => file))].filter((file) => file !== '');
}

/**
 * Gives a function that is true for test files of a change. Production code may lie in a folder with a name such as `test`, so such code
 * is judged by what imports it. A path that is not in the changed tree is judged by its name.
 */
export async function testsIn(
  deps: Pick<Deps, 'workspace' | 'runners' | 'readers'>,
  { repo, base, commit }: { repo: RepoId; base: string; commit: string },
): Promise<(path: string) => boolean> {
  const changes = await deps.workspace.contentChanges(repo, base, commit);
  const isDoubtful = (path: string): boolean => isTestPath(path) && CODE.test(path) && !NAMED_AS_TEST.test(path);
  const doubtful = changes.filter(({ path, after }) => after !== null && isDoubtful(path)).map(({ path }) => path);
  if (doubtful.length === 0) return isTestPath;
  const pathsOnly = {
    ran: [],
    asked: { commands: undefined, release: NO_RELEASE },
    testCommand: [],
    workdir: '',
    paths: doubtful,
  };
  const { isOfTests } = await judgesAt(deps, { ...repo, commit }, pathsOnly);
  const production = new Set(doubtful.filter((path) => !isOfTests(path)));
  return (path) => isTestPath(path) && !production.has(path);
}

const NO_RELEASE: RequestCommands['release'] = { target: 'directory', smoke: {}, streak: { times: 1, interval_ms: 0 } };
