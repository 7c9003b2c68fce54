/** Finds the files that a test command names: in its own words, in the words of its script, and the Makefile of make. */
import { namedFiles } from '../../src/inspect/commands/named-files';

const files = ['package.json', 'run-tests.mjs', 'scripts/check.sh', 'setup.mjs', 'Makefile', 'src/a.js'];
const tree = (script: string) => ({
  files,
  read: async () => JSON.stringify({ scripts: { test: script } }),
});

test.each<[string[], string, string[]]>([
  [['node', './run-tests.mjs'], '', ['run-tests.mjs']],
  [['npm', 'test'], 'sh scripts/check.sh && node --import ./setup.mjs --test', ['scripts/check.sh', 'setup.mjs']],
  [['node', '--import=./setup.mjs', '--test'], '', ['setup.mjs']],
  [['npm', 'run', 'test'], 'make test', ['Makefile']],
  [['make', 'test'], '', ['Makefile']],
  [['node', '--test', 'src/'], '', []],
])('%j with the script "%s" names %j', async (command, script, expected) => {
  expect(await namedFiles(tree(script), command)).toEqual(expected);
});

test('A.3: scripts that the test script calls name files, too, but not a build script or a script that is not called', async () => {
  const scripts = {
    ...{ test: 'npm run build && npm run unit', build: 'esbuild src/a.js', unit: 'node run-tests.mjs' },
    'test:other': 'node setup.mjs',
  };
  const read = () => Promise.resolve(JSON.stringify({ scripts }));
  expect(await namedFiles({ files, read }, ['npm', 'test'])).toEqual(['run-tests.mjs']);
});

test('R5: file names in a command are relative to its working folder', async () => {
  const read = (path: string) =>
    Promise.resolve(path === 'backend/package.json' ? '{"scripts":{"test":"node ./run.mjs"}}' : '{}');
  const treeWithFolder = { files: ['run.mjs', 'backend/run.mjs', 'backend/package.json'], read };
  expect(await namedFiles(treeWithFolder, ['npm', 'test'], 'backend')).toEqual(['backend/run.mjs']);
});
