/**
 * Replaces a call of npm, such as `npm test`, by the command of the script: npm takes longer to start than many suites take
 * to run. Pure.
 */
import { isObject } from '../../domain/json';
import { parseManifest } from '../manifests/package-json';

/** A script without shell syntax, and without variables before the program. */
const PLAIN_SCRIPT = /^[\w./:@,-]+(?: +[\w./:@=,-]+)*$/;
const TEST_PROGRAMS = /^(?:node|jest|vitest|mocha|ava|tape|tap|uvu|jasmine)$/;

/** Returns undefined if the command is no plain call of one script, or if the script needs npm. */
export function directCommand(command: readonly string[], manifest: string): string[] | undefined {
  const [manager, verb, argument, ...others] = command;
  if (manager !== 'npm' || verb === undefined || others.length > 0) return undefined;
  const isTest = (verb === 'test' || verb === 't') && argument === undefined;
  const name = isTest ? 'test' : verb === 'run' ? argument : undefined;
  const scripts = scriptsOf(manifest);
  const script = name === undefined ? undefined : scripts[name];
  if (typeof script !== 'string' || !PLAIN_SCRIPT.test(script)) return undefined;
  if (scripts[`pre${name}`] !== undefined || scripts[`post${name}`] !== undefined) return undefined;
  const [program = '', ...words] = script.split(/ +/);
  if (!TEST_PROGRAMS.test(program)) return undefined;
  return [program === 'node' ? program : `node_modules/.bin/${program}`, ...words];
}

function scriptsOf(manifest: string): Readonly<Record<string, unknown>> {
  const scripts = parseManifest(manifest)?.scripts;
  return isObject(scripts) ? scripts : {};
}
