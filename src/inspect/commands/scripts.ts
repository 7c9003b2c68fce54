/**
 * Reads the package.json scripts behind a command such as `npm test`, as lists of words. Pure.
 *
 * A script is only read, never run.
 */
import { calledScripts, scriptsOf } from '../../domain/test-scripts';
import type { TreeReader } from '../../ports/test-runner';
import { SCRIPT_PROGRAMS } from '../packages/managers';

const RUNS_TESTS = /test|spec|unit|e2e|integration|check|verify/i;

/** Returns the commands of the script that `command` runs and of the scripts that it calls, as words; none if it runs no script. */
export async function scriptCommands({ read }: TreeReader, command: string[]): Promise<string[][]> {
  const name = scriptName(command);
  if (name === undefined) return [];
  const text = await read('package.json');
  const scripts = readScripts(text);
  // Other scripts, such as those of a build, do not decide how tests run.
  const calledNames = [...calledScripts({ base: scriptsOf(text), words: [name] })].filter((one) =>
    RUNS_TESTS.test(one),
  );
  return [...new Set([name, ...calledNames])].flatMap((one) => {
    const parts = scripts.get(one)?.split(/&&|\|\||;/) ?? [];
    return parts.map((part) => part.trim().split(/\s+/).map(unquote));
  });
}

function scriptName([program, ...rest]: string[]): string | undefined {
  if (!SCRIPT_PROGRAMS.includes(program ?? '')) return undefined;
  const words = rest.filter((word) => !word.startsWith('-') && word !== 'run');
  return words[0] === 't' ? 'test' : words[0];
}

/** Returns the scripts of a package.json by name; none if the text is not a JSON object. */
export function readScripts(text: string | undefined): Map<string, string> {
  try {
    const manifest = JSON.parse(text ?? '{}') as { scripts?: Record<string, unknown> } | null;
    const scripts = Object.entries(manifest?.scripts ?? {});
    return new Map(scripts.filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
  } catch {
    return new Map();
  }
}

function unquote(word: string): string {
  return word.replace(/^(['"])(.*)\1$/, '$2');
}
