/** Lists the readers of whole trees and of changes. */
import { DIALECTS } from '../../../src/adapters/runners/all-runners';
import {
  ANY,
  HARM_PATHS,
  ORIGINS,
  SETTINGS,
  SOURCES,
  TESTS,
  judgedTree,
  treeOfChange,
  allLines,
  changedFile,
  harmKindFor,
  asyncTreeWith,
  originFile,
  rowsOf,
  runners,
  treeWith,
} from './places';
import type { Call, TableReader } from './types';

export const OF_TREES: Record<string, TableReader> = {
  'delivered/delivered#findDelivered': [
    [...SOURCES, ...SETTINGS],
    (call, text, path) => call(treeOfChange(text, path)),
  ],
  'delivered/delivered#needsAllCode': [[...SOURCES, ...SETTINGS], (call, text, path) => call(treeOfChange(text, path))],
  'wiring/wiring#wiringOf': [
    [...SOURCES, 'package.json', 'pyproject.toml', 'Dockerfile'],
    (call, text, path) => call(treeOfChange(text, path)),
  ],
  'wiring/wiring#asksWiring': [ANY, (call, text, path) => call(treeOfChange(text, path))],
  'wiring/code-facts#codeFactsOf': [SOURCES, (call, text, path) => call(path, text, allLines(text))],
  'harm/altered/altered#alteredHarms': [
    [...SOURCES, ...HARM_PATHS],
    (call, text, path) => {
      const half = Math.floor(text.length / 2);
      const [before, after] = [text.slice(half), text.slice(0, half)];
      const change = { changed: allLines(after), removed: [{ line: 1, text: `${before}\n` }] };
      return call({ path, before, after, change });
    },
  ],
  'harm/harmful-lines#harmfulLines': [
    [...SOURCES, ...HARM_PATHS],
    (call, text, path) => call(path, text, harmKindFor(path)),
  ],
  'asks/asking-lines#askingLines': [SOURCES, (call, text, path) => call(path, text)],
  'judges/find-judges#findJudges': [
    [...SOURCES, ...TESTS, 'package.json', 'jest.config.js', 'pyproject.toml', 'Procfile'],
    async (call, text, path) => ((await call(judgedTree(text, path))) as { why(path: string): unknown }).why(path),
  ],
  'judges/graph#readLinks': [SOURCES, (call, text, path) => call(judgedTree(text, path))],
  'judges/forged-results#forgedResults': [
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
    (call, text, path) => call({ ...originFile(path), before: text.slice(0, text.length / 2), after: text }),
  ],
  'units/units-of#unitsOf': [
    [...SOURCES, 'src/a.vue', 'src/a.json', 'a.sh'],
    (call, text, path) => call(changedFile(text, path)),
  ],
  'units/perturbations-of#perturbationsOf': [TESTS, (call, text, path) => call(changedFile(text, path), true)],
  'units/assertions#withoutAssertions': [SOURCES, (call, text, path) => call(changedFile(text, path))],
  'units/without-tests#withoutTests': [TESTS, (call, text, path) => call(path, text, () => true)],
  'units/goldens#goldensIn': [
    ['test/a.snap', 'test/a.test.js'],
    (call, text, path) => call(path, text, allLines(text)),
  ],
  'units/goldens#snapshotIn': [
    ['test/a.snap', 'test/a.test.js'],
    (call, text, path) => call(path, text, allLines(text)),
  ],
  'commands/find-unmeasured#findUnmeasured': [
    ANY,
    (call, text) => call(asyncTreeWith(text), { workdir: '', command: ['npm', 'test'] }),
  ],
  'commands/find-commands#findTestCommand': [ANY, (call, text) => call(asyncTreeWith(text))],
  'commands/named-files#namedFiles': [ANY, (call, text) => call(asyncTreeWith(text), ['npm', 'test'])],
  'commands/scripts#scriptCommands': [ANY, (call, text) => call(asyncTreeWith(text), ['npm', 'test'])],
  'commands/laid-settings#settingsToRestore': [
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
};
