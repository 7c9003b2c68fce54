/**
 * Returns the command of a manifest's script without the package manager, which takes longer to start than many suites take to
 * run. Pure.
 */
import { isObject } from '../../domain/json';
import { parseManifest } from '../manifests/package-json';

/** A script without shell syntax, and without variables before the program. */
const PLAIN = /^[\w./:@,-]+(?: +[\w./:@=,-]+)*$/;
const PROGRAMS = /^(?:node|jest|vitest|mocha|ava|tape|tap|uvu|jasmine)$/;

/** Returns undefined if only the package manager knows what it would run. */
export function directCommand(command: readonly string[], manifest: string): string[] | undefined {
  const [manager, verb, named, ...rest] = command;
  if (manager !== 'npm' || verb === undefined || rest.length > 0) return undefined;
  const isTest = (verb === 'test' || verb === 't') && named === undefined;
  const name = isTest ? 'test' : verb === 'run' ? named : undefined;
  const scripts = scriptsOf(manifest);
  const script = name === undefined ? undefined : scripts[name];
  if (typeof script !== 'string' || !PLAIN.test(script)) return undefined;
  if (scripts[`pre${name}`] !== undefined || scripts[`post${name}`] !== undefined) return undefined;
  const [program = '', ...words] = script.split(/ +/);
  if (!PROGRAMS.test(program)) return undefined;
  return [program === 'node' ? program : `node_modules/.bin/${program}`, ...words];
}

function scriptsOf(manifest: string): Readonly<Record<string, unknown>> {
  const scripts = parseManifest(manifest)?.scripts;
  return isObject(scripts) ? scripts : {};
}
