/** Which files a test command names: words of its own, words of the script behind it, the Makefile behind make. */
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
])('%j with the script "%s" names %j', async (command, script, named) => {
  expect(await namedFiles(tree(script), command)).toEqual(named);
});
