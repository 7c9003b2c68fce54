/**
 * The scripts of package.json that a command such as `npm test` stands for, in words. Pure.
 *
 * A script is read, never run: what it would do beside calling the runner is not done.
 */
import { calledScripts, scriptsOf } from '../../domain/test-scripts';
import type { TreeReader } from '../../ports/test-runner';
import { SCRIPT_PROGRAMS } from '../packages/managers';

const RUNS_TESTS = /test|spec|unit|e2e|integration|check|verify/i;

/** The commands of the script that a command stands for, and of those that it calls, each in words; none where it stands for itself. */
export async function partsOf({ read }: TreeReader, command: string[]): Promise<string[][]> {
  const name = scriptName(command);
  if (name === undefined) return [];
  const text = await read('package.json');
  const scripts = readScripts(text);
  // One that builds names the sources, which no test is made of.
  const called = [...calledScripts({ base: scriptsOf(text), words: [name] })].filter((one) => RUNS_TESTS.test(one));
  return [...new Set([name, ...called])].flatMap((one) => {
    const parts = scripts.get(one)?.split(/&&|\|\||;/) ?? [];
    return parts.map((part) => part.trim().split(/\s+/).map(unquote));
  });
}

function scriptName([program, ...rest]: string[]): string | undefined {
  if (!SCRIPT_PROGRAMS.includes(program ?? '')) return undefined;
  const words = rest.filter((word) => !word.startsWith('-') && word !== 'run');
  return words[0] === 't' ? 'test' : words[0];
}

/** The scripts of a package.json by name; none where the text is no JSON object. */
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
