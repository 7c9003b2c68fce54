/**
 * All readers of foreign text, each with how it is fed: those that src/inspect exports, and those of other rooms.
 *
 * What a module exports and takes a text is fed by the names and types of its parameters. What takes a whole tree, or a thing that was
 * read already, has a reader above it in `WHOLES`.
 */
import { join } from 'node:path';
import { editText } from '../../../src/inspect/tool-texts/edit-text';
import { bothEnds, columnsOf, linesOf, oneLine, showsWhole } from '../../../src/inspect/tool-texts/show';
import { createJunitReader } from '../../../src/adapters/runners/junit';
import { CONVENTIONS, DIALECTS } from '../../../src/adapters/runners/all-runners';
import { diffsByPath, sectionsOf } from '../../../src/domain/evidence/diff-sections';
import { hasSameTests, onlyAddsTests } from '../../../src/domain/evidence/test-edits';
import { changesOf } from '../../../src/domain/experiments/changed-files';
import { claimsWithoutEvidence } from '../../../src/domain/gates/release-claims';
import { findHalfCharacter, loneSurrogateAt } from '../../../src/domain/text';
import { createResolve } from '../../../src/inspect/judges/resolve';
import { treeOf } from '../delivered/told-tree';
import { exportedFunctions, INSPECT } from './exported';

/** Feeds one text as the file at `path`. */
export type Feed = (text: string, path: string) => unknown;
export interface Reader {
  id: string;
  paths: readonly string[];
  feed: Feed;
}

const ANY = ['src/a.ts'];
const SOURCES = [
  'src/a.ts',
  'src/a.py',
  'src/a.go',
  'src/a.rs',
  'src/a.rb',
  'src/a.php',
  'src/A.java',
  'src/a.cs',
  'src/a.cpp',
];
const TESTS = ['test/a.test.js', 'tests/test_a.py', 'a_test.go', 'spec/a_spec.rb', 'src/test/java/ATest.java'];
const SETTINGS = [
  'package.json',
  'settings.prod.yaml',
  'k8s/deploy.yaml',
  'openapi.yaml',
  'a.proto',
  'Dockerfile',
  'docker-compose.yml',
  'main.tf',
  'Makefile',
  'pyproject.toml',
  'setup.py',
  'setup.cfg',
  'MANIFEST.in',
  '.gitignore',
  '.npmignore',
  'Cargo.toml',
  '.github/workflows/a.yml',
  'nginx.conf',
  'app.service',
  'db/migrations/1_a.sql',
  'config/a.json',
  '.env',
  'tsconfig.json',
  'Procfile',
  '.gitattributes',
  'CODEOWNERS',
  'AGENTS.md',
  'a.sh',
  'README.md',
  'src/a.css',
  'src/a.html',
];
const HARMED = [
  'src/a.css',
  'src/a.html',
  'src/a.sql',
  'a.sh',
  'Dockerfile',
  'package.json',
  'settings.yaml',
  'src/a.vue',
  'src/a.properties',
];
const ORIGINS = [
  ...[
    'package.json',
    'package-lock.json',
    'yarn.lock',
    'pnpm-lock.yaml',
    'bun.lock',
    '.npmrc',
    '.yarnrc',
    '.yarnrc.yml',
    'pnpm-workspace.yaml',
    'bunfig.toml',
    '.pnpmfile.cjs',
    'patches/a.patch',
  ],
  ...[
    'requirements.txt',
    'pyproject.toml',
    'uv.lock',
    'uv.toml',
    'poetry.toml',
    'Pipfile',
    'Pipfile.lock',
    'setup.py',
    'setup.cfg',
    'pip.conf',
    'environment.yml',
    'go.mod',
    'Cargo.toml',
    'Cargo.lock',
  ],
  ...[
    '.cargo/config.toml',
    'rust-toolchain',
    'build.rs',
    'pom.xml',
    '.mvn/maven.config',
    'gradle-wrapper.properties',
    'a.gradle',
    'Gemfile',
    'Gemfile.lock',
    'a.gemspec',
    'composer.json',
    'composer.lock',
  ],
  ...['Dockerfile', 'compose.yaml', '.github/workflows/a.yml', '.circleci/config.yml', 'a.sh'],
];

type Whole = readonly [paths: readonly string[], feed: (call: Call, text: string, path: string) => unknown];
type Call = (...args: unknown[]) => unknown;

const runners = { ...CONVENTIONS, called: [] };
const kindFor = (path: string): string =>
  ({
    css: 'style',
    html: 'page',
    sql: 'sql',
    sh: 'commands',
    json: 'commands',
    yaml: 'settings',
    properties: 'settings',
  })[path.slice(path.lastIndexOf('.') + 1)] ?? (path === 'Dockerfile' ? 'image' : 'source');
const every = (text: string): Set<number> => new Set(text.split('\n').map((_, at) => at + 1));
const file = (text: string, path: string) => ({
  path,
  after: text,
  changed: every(text),
  removed: [{ line: 1, text: text.slice(0, 20_000) }],
});
const rowsOf = (text: string, path: string) => text.split('\n').map((row, at) => ({ path, line: at + 1, text: row }));
const changed = (text: string, path: string) =>
  treeOf({
    base: { [path]: text.slice(0, text.length / 2) },
    files: { [path]: text },
    asked: { paths: [], text: 'Add a.' },
  });
const PROJECT = { paths: [...new Set([...ORIGINS, ...SETTINGS, ...SOURCES])] };
/** A tree of which every file has the text. */
const treeWith = (text: string) => ({
  ...PROJECT,
  files: PROJECT.paths,
  read: (path: string) => (PROJECT.paths.includes(path) ? text : undefined),
});
const later = (text: string) => ({
  ...treeWith(text),
  read: (path: string) => Promise.resolve(treeWith(text).read(path)),
});
const asked = (text: string, path: string) => ({
  ...{ paths: [path, 'src/b.js'], texts: new Map([[path, text]]), ran: [path], isSetting: () => false },
  ...{ testPrograms: [], programs: [], manifestKeys: ['jest'] },
});

/** Readers of whole trees, or with parameters of their own. */
const WHOLES: Record<string, Whole> = {
  'delivered/delivered#deliveredOf': [[...SOURCES, ...SETTINGS], (call, text, path) => call(changed(text, path))],
  'delivered/delivered#needsAllCode': [[...SOURCES, ...SETTINGS], (call, text, path) => call(changed(text, path))],
  'wiring/wiring#wiringOf': [
    [...SOURCES, 'package.json', 'pyproject.toml', 'Dockerfile'],
    (call, text, path) => call(changed(text, path)),
  ],
  'wiring/wiring#asksWiring': [ANY, (call, text, path) => call(changed(text, path))],
  'wiring/code-facts#codeFactsOf': [SOURCES, (call, text, path) => call(path, text, every(text))],
  'harm/altered/altered#alteredHarms': [
    [...SOURCES, ...HARMED],
    (call, text, path) => {
      const { changed, removed } = file(text, path);
      const half = Math.floor(text.length / 2);
      return call({ path, before: text.slice(half), after: text.slice(0, half), change: { changed, removed } });
    },
  ],
  'harm/harmful-lines#harmfulLines': [[...SOURCES, ...HARMED], (call, text, path) => call(path, text, kindFor(path))],
  'asks/asking-lines#askingLines': [SOURCES, (call, text, path) => call(path, text)],
  'judges/find-judges#findJudges': [
    [...SOURCES, ...TESTS, 'package.json', 'jest.config.js', 'pyproject.toml', 'Procfile'],
    async (call, text, path) => ((await call(asked(text, path))) as { why(path: string): unknown }).why(path),
  ],
  'judges/graph#readLinks': [SOURCES, (call, text, path) => call(asked(text, path))],
  'judges/bent-results#bentResults': [
    [...SOURCES, ...TESTS],
    (call, text, path) => call(path, { before: null, after: text }),
  ],
  'judges/left-out-tests#leftOutTests': [
    [...SOURCES, ...TESTS],
    (call, text, path) => call(path, { before: text.slice(0, text.length / 2), after: text }),
  ],
  'judges/references#referencesOf': [
    [...SOURCES, 'a.sh', 'package.json', 'a.yaml'],
    (call, text, path) => call(path, text),
  ],
  'origins/unknown-origins#unknownOrigins': [
    ORIGINS,
    (call, text, path) => call({ ...origin(path), before: text.slice(0, text.length / 2), after: text }),
  ],
  'units/units-of#unitsOf': [
    [...SOURCES, 'src/a.vue', 'src/a.json', 'a.sh'],
    (call, text, path) => call(file(text, path)),
  ],
  'units/perturbations-of#perturbationsOf': [TESTS, (call, text, path) => call(file(text, path), true)],
  'units/assertions#withoutAssertions': [SOURCES, (call, text, path) => call(file(text, path))],
  'units/without-tests#withoutTests': [TESTS, (call, text, path) => call(path, text, () => true)],
  'units/goldens#goldensIn': [['test/a.snap', 'test/a.test.js'], (call, text, path) => call(path, text, every(text))],
  'units/goldens#snapshotIn': [['test/a.snap', 'test/a.test.js'], (call, text, path) => call(path, text, every(text))],
  'commands/find-unmeasured#findUnmeasured': [
    ANY,
    (call, text) => call(later(text), { workdir: '', command: ['npm', 'test'] }),
  ],
  'commands/find-commands#findTestCommand': [ANY, (call, text) => call(later(text))],
  'commands/named-files#namedFiles': [ANY, (call, text) => call(later(text), ['npm', 'test'])],
  'commands/scripts#partsOf': [ANY, (call, text) => call(later(text), ['npm', 'test'])],
  'commands/laid-settings#settingsToLay': [
    ['package.json', 'jest.config.js', 'pyproject.toml'],
    (call, text, path) => call([{ path, before: text.slice(0, text.length / 2), after: text }], runners),
  ],
  'project/derive-project#deriveProject': [ANY, (call, text) => call(treeWith(text), { allowsScripts: false })],
  'packages/workspace-folder#workspaceFolder': [
    ANY,
    (call, text) => ['javascript', 'python', 'rust', 'go'].map((language) => call(language, 'a/b', () => text)),
  ],
  'secrets/secrets#scanSecrets': [
    [...SOURCES, '.env', 'a.json', 'README.md', 'test/a.test.js'],
    (call, text, path) => call(rowsOf(text, path)),
  ],
  'secrets/secrets#scanNames': [ANY, (call, text) => call(text.split('\n'))],
  'secrets/secrets#scanMessages': [ANY, (call, text) => call([{ commit: 'a', message: text }])],
  'secrets/secret-files#scanFiles': [
    ['a.pem', '.netrc', '.npmrc'],
    (call, text, path) => call([{ path, status: 'added' }], rowsOf(text, path)),
  ],
  'test-output/output#createOutputReader': [
    ANY,
    (call, text) => {
      const reader = call(DIALECTS) as { add(chunk: Buffer): void; close(): unknown };
      for (let at = 0; at < text.length; at += 65_536) reader.add(Buffer.from(text.slice(at, at + 65_536)));
      return reader.close();
    },
  ],
  'test-output/lines#createLines': [
    ANY,
    (call, text) => {
      const reader = call(() => undefined) as { add(chunk: Buffer): void; end(): void };
      reader.add(Buffer.from(text));
      reader.end();
    },
  ],
  'test-output/locate#createLocator': [
    ANY,
    (call, text) => {
      const locate = call({ files: text.split('\n'), roots: ['/a/'], workdir: '' }) as Call;
      return text
        .split('\n')
        .slice(0, 2_000)
        .map((line) => locate({ file: line, name: line, status: 'passed' }));
    },
  ],
  'test-output/compile-errors#compileErrorFiles': [ANY, (call, text) => call({ name: text, message: text })],
  'test-output/failure#failuresOf': [
    ANY,
    (call, text) => call([{ file: 'a', name: text, status: 'failed', message: text }]),
  ],
  'test-output/dialect#countsOfWords': [ANY, (call, text) => call(text)],
  'guise/unasked-lines#unaskedLines': [SOURCES.slice(0, 2), (call, text, path) => call([{ path, before: null, text }])],
  'guise/variant#recordingOf': [
    ['src/a.js', 'src/a.py'],
    (call, text, path) => call({ path, text }, { recorders: { js: '', python: '' }, folder: '/a' }),
  ],
  'guise/read-record#readGroups': [ANY, (call, text) => call([text], new Set(['src/a.ts']))],
  'guise/production#productionVariables': [
    ANY,
    (call, text) =>
      call([
        { name: '.env.production', text },
        { name: 'Dockerfile', text },
      ]),
  ],
  'guise/dates#datesToCome': [ANY, (call, text) => call(text, 1e12)],
  'imports/aliases#aliasesOf': [
    ['tsconfig.json', 'package.json', 'vite.config.ts'],
    (call, text, path) => (call({ after: new Map([[path, text]]), paths: [path] }) as Call)('a'),
  ],
  'imports/type-uses#isUsedAsValue': [ANY, (call, text) => call(text, ['a', 'b'])],
  'coverage/lcov#parseLcov': [ANY, (call, text) => call(text, ['/a/'])],
  'coverage/line-counts#countLines': [
    ANY,
    (call, text) =>
      call(text, {
        functions: [
          {
            functionName: 'a',
            isBlockCoverage: true,
            ranges: Array.from({ length: 5_000 }, (_, at) => ({
              startOffset: at,
              endOffset: text.length - at,
              count: at,
            })),
          },
        ],
      }),
  ],
  'delivered/ignore-rules#ignoreRule': [ANY, (call, text) => (call(text, '', { isRooted: true }), undefined)],
  'delivered/ignore-rules#ignoreList': [
    ANY,
    (call, text) => (call(text, '', { isRooted: true }) as Call)('src/a/b.ts'),
  ],
  'path-patterns#pathPatterns': [ANY, (call, text) => (call([text.slice(0, 2_000)]) as Call)('src/a/b.ts')],
  'lfs#findLfsPointers': [ANY, (call, text) => call([['a', Buffer.from(text)]])],
  'text-bytes#bytesInPlaceOf': [ANY, (call, text) => call(Buffer.from(text.slice(0, text.length / 2)), text)],
  'text-bytes#withLineEnds': [ANY, (call, text) => call(text, text)],
  'text-bytes#bytesIn': [ANY, (call, text) => [call('utf-8', text), call('latin-1', text)]],
  'origins/package-scripts#scriptOrigins': [
    ANY,
    (call, text, path) => call(text, origin(path), { scripts: { a: text }, before: {} }),
  ],
  'origins/shell#fetchingCalls': [ANY, (call, text) => call(text, new Set())],
  'project/direct-command#directCommand': [ANY, (call, text) => call(['npm', 'test'], text)],
  'project/installs-itself#languagesInstalledBy': [ANY, (call, text) => call(['sh', '-c', text])],
  'packages/managers#locksOf': [
    ANY,
    (call, text) =>
      ['npm', 'pypi'].flatMap((one) => [...(call(one) as Map<string, Call>).values()].map((read) => read(text))),
  ],
  'packages/managers#manifestsOf': [
    ANY,
    (call, text) =>
      ['npm', 'pypi'].flatMap((one) => (call(one) as Array<{ read?: Call }>).map(({ read }) => read?.(text))),
  ],
  'delivered/live-packages#livePackages': [['package.json'], (call, text, path) => call(new Map([[path, text]]))],
  'delivered/live-python#livePython': [
    ['pyproject.toml', 'requirements.txt'],
    (call, text, path) => call(new Map([[path, text]])),
  ],
  'project/style-checks#withoutStyleChecks': [ANY, (call, text) => call(text, ['npm', 'test'])],
  'units/grammars#withTree': [
    ['javascript', 'tsx', 'python', 'go', 'rust', 'ruby', 'php', 'java', 'c-sharp', 'cpp'],
    (call, text, grammar) => call(grammar, text, () => 1),
  ],
  'units/plain#plainMark': [
    SOURCES,
    (call, text, path) => call(path, { kind: 'branch', edit: { from: 0, to: 1, text: '' } }, text),
  ],
  'wiring/named-things#boundIn': [
    SOURCES,
    (call, text, path) => call(path, text, { resolve: createResolve([path], new Map()), paths: new Set([path]) }),
  ],
  'units/refusals#holdsCondition': [ANY, (call, text) => call(text, 'a > b')],
  'units/refusals#stillNamed': [ANY, (call, text) => call('a > b', text)],
  'units/inversions#inverseOf': [ANY, (call, text) => call('toBe', text)],
  'delivered/not-live#isLeftByTypes': [ANY, (call, text, path) => call(path, text, './b')],
  'delivered/readable#misleading': [
    ANY,
    (call, text, path) => call({ path, line: 1, text: text.slice(0, 5_000) }, text),
  ],
  'delivered/set-up/written-over#writtenIn': [
    ANY,
    (call, text) => call(text, { tree: changed('', 'src/a.ts'), at: () => undefined }),
  ],
  'harm/machine#onTheMachine': [
    ['a.sh', 'src/a.ts'],
    (call, text, path) => call(path, text.split('\n'), path === 'a.sh'),
  ],
};

function origin(path: string) {
  return { path, before: null, declared: new Set(['a']), isRead: () => true, importsModule: () => false };
}

/** Parameters that are given a text, or what goes with it; any other one is nothing that a text comes to. */
const GIVEN: Record<string, (text: string, path: string) => unknown> = {
  ...Object.fromEntries(
    [
      'text',
      'source',
      'before',
      'after',
      'line',
      'row',
      'log',
      'report',
      'manifest',
      'script',
      'removed',
      'condition',
      'written',
      'value',
      'work',
      'name',
      'message',
    ].map((name) => [`${name}: string`, (text: string) => text]),
  ),
  'text: string | undefined': (text) => text,
  'pyproject: string | undefined': (text) => text,
  'bytes: Buffer': (text) => Buffer.from(text),
  'content: Buffer': (text) => Buffer.from(text),
  'output: Buffer': (text) => Buffer.from(text),
  'content: string | Uint8Array': (text) => text,
  'file: OriginFile': (_, path) => origin(path),
  '{path}: OriginFile': (_, path) => origin(path),
  '{path,isRead}: OriginFile': (_, path) => origin(path),
  "{before}: Pick<OriginFile, 'before'>": () => ({ before: null }),
  'path: string': (_, path) => path,
  'file: string': (_, path) => path,
  'lineAt: (index: number) => number': () => () => 1,
  'isWhole: boolean': () => true,
  'isContinued: boolean': () => true,
  'now: readonly string[]': () => ['a'],
  'folder: string': () => '',
  'decodeOdd: (line: Buffer) => string': () => undefined,
  'isNetrc: = false': () => false,
  'comment: = /^(#|\\/\\/)/': () => undefined,
  "{name}: Pick<SetUpKind, 'name'>": () => ({ name: 'image' }),
  '{isPasswordList}: Place': () => ({ isPasswordList: false }),
  '{isTest,isProse,nowMs}: Place': () => ({ isTest: false, isProse: false, nowMs: 0 }),
  'syntax: Syntax': () => 'script',
  'spec: string': (text) => text,
  'target: string': (text) => text,
  'needle: string': (text) => text,
  'what: string': () => 'a',
  '{path,text}: { path: string; text: string }': (text, path) => ({ path, text }),
};
const isText = (param: string): boolean =>
  /^(?:text|source|before|after|line|row|log|report|manifest|script|removed|condition|written|value|work|name|message|pyproject|bytes|content|output|spec|target|needle|\{path,text\}): (?:string|Buffer|\{ path: string; text: string \}$)/.test(
    param,
  );

/** Names of files, folders, hosts and the like, which are short: the paths of a tree have at most 4,096 bytes. */
const SHORT =
  /^(?:path|paths|name|folder|from|to|specifier|module|hostname|address|word|places|names|pattern|patterns|ecosystem|language|grammar|members|setup|command)\b/;
/** Things that were read from a text already, and such that no text comes to. */
const READ =
  /\b(?:Syntax|CodeView|Altered|AlteredFile|Asked|AskedOptions|Known|Meant|Reading|NamedCall|ReadFunction|Token|Row|Variable|ListFile|DeliveredTree|JudgedTree|AskedTree|Graph|Links|Tree|TreeReader|ProjectTree|PythonProject|Harm|LineCounts|ChangedFile|AddedLine|TestCase|TestCounts|TestRun|Summary|RegExp|ReadonlyMap<string, string>|Record<string, unknown>|Workspace|Iterable<string>|unknown|number)\b|=> ProjectTree/;

/** Exported functions of src/inspect that are fed by no other way here; a test says that there is none. */
export function unfed(): string[] {
  return exportedFunctions()
    .filter(({ id, params }) => !(id in WHOLES) && !isFed(params) && !takesNoText(params))
    .map(({ id, params }) => `${id}(${params.join('; ')})`);
}

/** Rows of the table whose reader is gone. */
export function unknown(): string[] {
  const known = new Set(exportedFunctions().map(({ id }) => id));
  return Object.keys(WHOLES).filter((id) => !known.has(id));
}

function isFed(params: string[]): boolean {
  return params.some(isText) && params.every((one) => one in GIVEN);
}

function takesNoText(params: string[]): boolean {
  return params.length === 0 || READ.test(params[0] ?? '') || (SHORT.test(params[0] ?? '') && !params.some(isText));
}

export function allReaders(): Reader[] {
  const own = exportedFunctions().flatMap(({ id, params }): Reader[] => {
    const whole = WHOLES[id];
    if (whole === undefined && !isFed(params)) return [];
    const [module = '', name = ''] = id.split('#');
    let call: Call | undefined;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- A reader is loaded where it is fed.
    const load = (): Call => (call ??= (require(join(INSPECT, module)) as Record<string, Call>)[name] as Call);
    if (whole !== undefined) return [{ id, paths: whole[0], feed: (text, path) => whole[1](load(), text, path) }];
    const paths = params.some((one) => /^path: /.test(one)) ? SOURCES : ANY;
    return [{ id, paths, feed: (text, path) => load()(...params.map((one) => GIVEN[one]?.(text, path))) }];
  });
  return [...own, ...OTHERS];
}

/** Readers of other rooms. */
const OTHERS: Reader[] = [
  [
    'junit',
    (text) => {
      const reader = createJunitReader();
      for (let at = 0; at < text.length; at += 65_536) reader.write(text.slice(at, at + 65_536));
      return reader.end();
    },
  ],
  [
    'junit below a suite',
    (text) => {
      const reader = createJunitReader();
      reader.write('<testsuites><testsuite name="a"><testcase name="a"><failure>');
      for (let at = 0; at < text.length; at += 65_536) reader.write(text.slice(at, at + 65_536));
      return reader.end();
    },
  ],
  [
    'edit-text',
    (text) =>
      editText(text, [
        { old: text.slice(0, 10), new: 'b', all: true },
        { old: 'zzz', new: 'b' },
      ]),
  ],
  ['edit-text, long', (text) => editText(text, [{ old: text.slice(0, text.length / 2), new: 'b' }])],
  ['show', (text) => [linesOf(text), showsWhole(text), oneLine(text), bothEnds(text, 100), columnsOf(text, 1)]],
  ['diff', (text) => [diffsByPath(text), sectionsOf(text, 'a'), changesOf(text)]],
  ['half characters', (text) => [loneSurrogateAt(text), findHalfCharacter({ a: [text] })]],
  ['claims', (text) => claimsWithoutEvidence(text, text)],
  ['only adds tests', (text, path) => onlyAddsTests(text.slice(0, text.length / 2), text, path), TESTS],
  ['same tests', (text, path) => hasSameTests({ path, text }, { path: `b/${path}`, text }, () => true), TESTS],
].map(([id, feed, paths = ANY]) => ({ id: `other#${id as string}`, feed: feed as Feed, paths: paths as string[] }));
