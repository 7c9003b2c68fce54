/** Lists the readers of one text that need special parameters. */
import { createResolve } from '../../../src/inspect/judges/resolve';
import { markOf } from '../../../src/inspect/secrets/marks';
import { placeOf } from '../../../src/inspect/secrets/places';
import { ANY, SOURCES, treeOfChange, originFile, changeTexts } from './places';
import type { Call, TableReader } from './types';

export const OF_TEXTS: Record<string, TableReader> = {
  'inside-address#addressIn': [ANY, (call, text) => call(text)],
  'rows-with#countRowsWith': [ANY, (call, text) => call(text.split('\n'), text.split('\n'))],
  'secrets/handed-over#redactHanded': [ANY, (call, text) => call({ summary: text, files: [text] })],
  'secrets/handed-over#redactHandedText': [ANY, (call, text) => [call(text), call(JSON.stringify({ a: text }))]],
  'secrets/hits#hitsIn': [
    SOURCES,
    (call, text, path) => [...(call(text, { ...placeOf(path), nowMs: 0 }) as Iterable<unknown>)],
  ],
  'secrets/hits#isSecret': [
    SOURCES.slice(0, 2),
    (call, text, path) => call({ value: text, isQuoted: true }, { ...placeOf(path), nowMs: 0 }),
  ],
  'secrets/marks#redactMarked': [ANY, (call, text) => call(text, [markOf(text.slice(0, 20))], '')],
  'secrets/redact#redactText': [ANY, (call, text) => call(text)],
  'secrets/redact#redactValue': [
    ANY,
    (call, text) => [call({ password: text, a: [text] }), call(Object.fromEntries(text.split('\n').entries()))],
  ],
  'secrets/redact#redactContent': [ANY, (call, text) => [call(text), call(JSON.stringify(text.split('\n')))]],
  'unified-diff#unifiedDiff': [
    ANY,
    (call, text) => call(text, text.split('\n').reverse().join('\n'), { before: 'a', after: 'b' }),
  ],
  'test-output/dialect#countsOfWords': [ANY, (call, text) => call(text)],
  'replay/unasked-lines#unaskedLines': [
    SOURCES.slice(0, 2),
    (call, text, path) => call([{ path, before: null, text }]),
  ],
  'replay/variant#recordingOf': [
    ['src/a.js', 'src/a.py'],
    (call, text, path) => call({ path, text }, { recorders: { js: '', python: '' }, folder: '/a' }),
  ],
  'replay/read-record#readGroups': [ANY, (call, text) => call([text], new Set(['src/a.ts']))],
  'replay/production#productionVariables': [
    ANY,
    (call, text) =>
      call([
        { name: '.env.production', text },
        { name: 'Dockerfile', text },
      ]),
  ],
  'replay/dates#futureDates': [ANY, (call, text) => call(text, 1e12)],
  'imports/aliases#createIsAlias': [
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
  'delivered/ignore-rules#createIgnoreRule': [ANY, (call, text) => (call(text, '', { isRooted: true }), undefined)],
  'delivered/ignore-rules#createIgnoreList': [
    ANY,
    (call, text) => (call(text, '', { isRooted: true }) as Call)('src/a/b.ts'),
  ],
  'path-patterns#pathPatterns': [ANY, (call, text) => (call([text.slice(0, 2_000)]) as Call)('src/a/b.ts')],
  'lfs#findLfsPointers': [ANY, (call, text) => call([['a', Buffer.from(text)]])],
  'text-bytes#encodeLike': [ANY, (call, text) => call(Buffer.from(text.slice(0, text.length / 2)), text)],
  'text-bytes#withLineEnds': [ANY, (call, text) => call(text, text)],
  'text-bytes#encodeText': [ANY, (call, text) => [call('utf-8', text), call('latin-1', text)]],
  'origins/package-scripts#scriptOrigins': [
    ANY,
    (call, text, path) => call(text, originFile(path), { scripts: { a: text }, before: {} }),
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
  'delivered/live-packages#createLivePackages': [['package.json'], (call, text, path) => call(new Map([[path, text]]))],
  'delivered/live-python#readLivePython': [
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
  'delivered/missing-packages#isOptionalImport': [ANY, (call, text, path) => call(path, text, './b')],
  'delivered/readable#misleadingReason': [
    ANY,
    (call, text, path) => call({ path, line: 1, text: text.slice(0, 5_000) }, text),
  ],
  'delivered/set-up/overwritten-sources#findOverwrittenSource': [
    ANY,
    (call, text) => call(text, { tree: treeOfChange('', 'src/a.ts'), at: () => undefined }),
  ],
  'harm/machine#onTheMachine': [
    ['a.sh', 'src/a.ts'],
    (call, text, path) => call(path, text.split('\n'), path === 'a.sh'),
  ],
  'tool-texts/edit-text#editText': [
    ANY,
    (call, text) => [
      call(text, [{ old: text.slice(0, 10), new: 'b', all: true }]),
      call(text, [{ old: text.slice(0, text.length / 2), new: 'b' }]),
    ],
  ],
  'tool-texts/explain-missing#explainMissing': [ANY, (call, text) => call(text, `${text.slice(0, 20_000)}\0`)],
  'tool-texts/show-lines#showLines': [
    ANY,
    (call, text) =>
      [{}, { column: 2 }].map((more) =>
        call({ name: 'a', text, about: '', tool: 'read', place: { path: 'a' }, isFile: true, ...more }),
      ),
  ],
  'tool-texts/show#numbered': [ANY, (call, text) => call(text, 1)],
  'tool-texts/show#bothEnds': [ANY, (call, text) => call(text, 100)],
  'tool-texts/show#columnsOf': [ANY, (call, text) => call(text, 1)],
  'dependencies/undeclared-imports#undeclaredImports': [
    ['src/a.ts', 'src/a.py'],
    (call, text, path) => call(changeTexts(text, path), []),
  ],
  'dependencies/npm-packages#npmPackages': [
    ['package.json', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock'],
    (call, text, path) => call(changeTexts(text, path)),
  ],
  'dependencies/python-packages#pythonPackages': [
    ['pyproject.toml', 'requirements.txt', 'uv.lock', 'poetry.lock'],
    (call, text, path) => call(changeTexts(text, path)),
  ],
  'secrets/words#inWords': [ANY, (call, text) => call({ text }, (words: string) => words)],
  'secrets/words#inTexts': [ANY, (call, text) => call(JSON.stringify({ text }), (words: string) => words)],
};
