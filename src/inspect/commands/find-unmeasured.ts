/**
 * Finds ecosystems of a repository whose tests the chosen command does not run, with one sentence for each. Pure.
 *
 * A command that calls programs of an ecosystem, directly or in a script, is assumed to run that ecosystem's tests.
 */
import { calledScripts, scriptsOf } from '../../domain/test-scripts';
import type { TreeReader } from '../../ports/test-runner';
import { manifestFolders } from '../project/find-workdir';
import { FINDERS_BY_ECOSYSTEM, MAKEFILES, treeBelow } from './find-commands';

const PROGRAMS: Readonly<Record<keyof typeof FINDERS_BY_ECOSYSTEM, RegExp>> = {
  JavaScript: /\b(npm|pnpm|yarn|bun|npx|node|deno|jest|vitest|mocha|ava|jasmine|uvu|turbo|nx|lerna)\b/,
  Python: /\b(py\.?test|python[\d.]*|tox|nox|unittest|uv|poetry|hatch|pdm)\b/,
  Go: /\bgo (test|tool)\b|\bgotestsum\b/,
  Rust: /\bcargo\b/,
  Java: /\b(mvnw?|gradlew?)\b/,
  '.NET': /\bdotnet\b/,
  Ruby: /\b(rspec|rake|bundle|ruby)\b/,
  PHP: /\b(phpunit|composer|pest)\b/,
};
/** Maximum number of folders that are searched. */
const MAX_FOLDERS = 40;
const NAMES_SHOWN = 3;

/** `command` runs in `workdir`. */
export async function findUnmeasured(
  tree: TreeReader,
  { workdir, command }: { workdir: string; command: readonly string[] },
): Promise<string[]> {
  const commandText = await textBehind(treeBelow(tree, workdir), command);
  const folders = [...new Set([workdir, '', ...manifestFolders(tree.files)])].slice(0, MAX_FOLDERS);
  const otherEcosystems = Object.entries(FINDERS_BY_ECOSYSTEM).filter(
    ([name]) => !PROGRAMS[name as keyof typeof FINDERS_BY_ECOSYSTEM].test(commandText),
  );
  const notes: string[] = [];
  for (const [name, find] of otherEcosystems) {
    const found: string[] = [];
    for (const folder of folders) {
      const below = treeBelow(tree, folder);
      const testCommand = await find(below, below);
      if (testCommand !== undefined) found.push(`${testCommand.join(' ')}${folder === '' ? '' : ` in ${folder}`}`);
    }
    if (found.length === 0) continue;
    notes.push(
      `the test command is not seen to run the tests of ${name} (${listNames(found)}): commands.test names one that does`,
    );
  }
  return [...notes, ...otherModules(tree.files, workdir, commandText)];
}

/** Finds Go modules below the tested one: `./...` skips these. */
function otherModules(files: readonly string[], workdir: string, commandText: string): string[] {
  const root = workdir === '' ? '' : `${workdir}/`;
  if (!PROGRAMS.Go.test(commandText) || files.includes(`${root}go.work`)) return [];
  const modules = files
    .filter((path) => path.endsWith('/go.mod') && path.startsWith(root) && path !== `${root}go.mod`)
    .map((path) => path.slice(0, -'go.mod'.length))
    .filter(
      (folder) =>
        !/(^|\/)(testdata|vendor|_\w*)\//.test(folder) && !commandText.includes(folder.slice(root.length, -1)),
    )
    .filter((folder) => files.some((path) => path.startsWith(folder) && path.endsWith('_test.go')));
  if (modules.length === 0) return [];
  const folderNames = listNames(modules.map((folder) => folder.slice(0, -1)));
  return [
    `modules of Go with tests of their own are not run (${folderNames}): commands.test names a command that does`,
  ];
}

function listNames(names: string[]): string {
  const more = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
  return `${names.slice(0, NAMES_SHOWN).join(', ')}${more}`;
}

/** Joins the command, the scripts that it calls, and the make rules if it calls make. */
async function textBehind({ files, read }: TreeReader, command: readonly string[]): Promise<string> {
  const scripts = scriptsOf(await read('package.json'));
  const called = [...calledScripts({ base: scripts, words: command })].map((name) => String(scripts[name]));
  const text = [command.join(' '), ...called].join('\n');
  const rules = MAKEFILES.find((file) => files.includes(file));
  return rules !== undefined && /\bg?make\b/.test(text) ? `${text}\n${(await read(rules)) ?? ''}` : text;
}
