/**
 * The script of package.json that a command such as `npm test` stands for, in words. Pure.
 *
 * A script is read, never run: what it would do beside calling the runner is not done.
 */
import type { TreeReader } from '../../ports/test-runner';
import { SCRIPT_PROGRAMS } from '../packages/managers';

/** The commands of the script that a command stands for, each in words; none where it stands for itself. */
export async function partsOf({ read }: TreeReader, command: string[]): Promise<string[][]> {
  const name = scriptName(command);
  if (name === undefined) return [];
  const script = readScripts(await read('package.json')).get(name);
  if (script === undefined) return [];
  return script.split(/&&|\|\||;/).map((part) => part.trim().split(/\s+/).map(unquote));
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
