/**
 * New arguments and options that tests give, and that no call of what goes live does: there the function is as it was. Pure;
 * JavaScript, TypeScript and Python.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { isForTests, linesOf, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { Call } from './calls';
import type { CodeFacts, Defined } from './code-facts';
import { meantBy } from './named-things';
import type { Known } from './named-things';
import type { Param } from './params';
import type { Starts } from './starts';
import type { Wiring } from './wiring';

/** What a parameter is where the thing that it asks for is off. */
export const OFF =
  /^(?:false|False|None|null|nil|undefined|0|0\.0|''|""|\[\]|\{\}|\(\)|["'](?:off|no|none|never|disabled|false|0|standard|default|plain|normal|regular)["'])$/;
/** A value that a test writes down: no stand-in for a clock, a network or a machine. */
const WRITTEN = /^(?:true|True|-?\d[\d_.]*|'[^']{0,80}'|"[^"]{0,80}"|`[^`$]{0,80}`)$/;

interface Option {
  name: string;
  at: number;
  ofObject?: number;
}

export interface AskedOptions {
  tree: DeliveredTree;
  known: Known;
  /** Of the changed files as they were. */
  former: ReadonlyMap<string, CodeFacts>;
  starts: Starts;
}

export function onlyTestsGive(asked: AskedOptions, changed: readonly string[]): Wiring {
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  for (const path of changed.filter((one) => /\.(?:[cm]?[jt]sx?|py)$/.test(one))) {
    for (const defined of asked.known.facts.get(path)?.functions ?? []) {
      const fact = factOf(asked, path, defined);
      if (fact === undefined) continue;
      if (asked.starts.isReached(path) && !asked.starts.isLibrary(path)) found.push(fact);
      else notes.push(`${fact.path}:${fact.line ?? 0} ${fact.what}`);
    }
  }
  return { found, notes };
}

function factOf({ tree, known, former }: AskedOptions, path: string, defined: Defined): DeliveredFact | undefined {
  const before = former.get(path)?.functions.filter(({ name }) => name === defined.name) ?? [];
  const options = newOptions(defined, before[0], textBefore(tree, path));
  if (options.length === 0 || before.length > 1) return undefined;
  const calls = callsOf(known, path, defined);
  const live = calls.filter((one) => known.isLive(one.path) && !isWithin(one, path, defined));
  const tests = calls.filter((one) => isForTests(one.path));
  if (live.length === 0 || isHandedOn({ tree, known }, path, defined)) return undefined;
  for (const option of options) {
    const test = tests.find(
      ({ call }) => WRITTEN.test(givenAs(call, option) ?? '') && !OFF.test(givenAs(call, option) ?? ''),
    );
    const isLeftOff = live.every(({ call }) => {
      const given = givenAs(call, option);
      return given === undefined || OFF.test(given);
    });
    if (test === undefined || !isLeftOff) continue;
    const [caller] = live;
    const where = `${caller?.path ?? ''}:${caller?.call.line ?? 0}`;
    const what = `has in ${defined.name} the option "${option.name}", which tests turn on (${test.path}:${test.call.line}) and no call that goes live does (${where}): there nothing is new; give it where it is called`;
    return { path, line: defined.line, what, text: linesOf(tree.after.get(path) ?? '')[defined.line - 1] ?? '' };
  }
  return undefined;
}

/** Parameters, and members of parameters, that the function did not have. */
function newOptions(defined: Defined, before: Defined | undefined, text: string): Option[] {
  const had = new Set(before?.params.map(({ name }) => name));
  return defined.params.flatMap((param): Option[] => {
    const { name, at, ofObject } = param;
    const isNew = !had.has(name);
    const own =
      isNew && isOff(param, before !== undefined)
        ? [{ name, at, ...(ofObject === undefined ? {} : { ofObject }) }]
        : [];
    const former = new Set(before?.params.find((one) => one.name === name)?.read);
    const members = param.read.filter((one) => !former.has(one) && !new RegExp(`\\b${one}\\b`).test(text));
    const isOfOptions =
      at >= 0 && (param.default === '{}' || /^(?:opt(?:ion)?s|settings|config|flags|features)$/i.test(name));
    return [...own, ...(isOfOptions ? members.map((one) => ({ name: one, at: -1, ofObject: at })) : [])];
  });
}

/** Without a default, a parameter that joins those of a function that was there is off where it is not given. */
function isOff({ default: value }: Param, wasThere: boolean): boolean {
  return value === undefined ? wasThere : OFF.test(value.trim());
}

interface Place {
  path: string;
  call: Call;
}

function callsOf(known: Known, path: string, defined: Defined): Place[] {
  const all = [...known.facts.values()];
  const isOnlyOne =
    all
      .filter((one) => !isForTests(one.path))
      .flatMap(({ functions }) => functions)
      .filter(({ name }) => name === defined.name).length === 1;
  return all.flatMap((one) =>
    one.calls.flatMap((call): Place[] => {
      const meant = meantBy(known, one.path, call);
      if (meant !== undefined)
        return meant.path === path && meant.defined === defined ? [{ path: one.path, call }] : [];
      // A method of an instance, by a name that nothing else of the product has.
      const isMethod = call.object !== '' && isOnlyOne && call.name === defined.name && defined.name.length > 3;
      return isMethod && isKnownThere(known, one.path, path) ? [{ path: one.path, call }] : [];
    }),
  );
}

/** The file, or one that takes a name from it. */
function isKnownThere(known: Known, user: string, path: string): boolean {
  return user === path || known.bound(user).some(({ file }) => file === path);
}

function isWithin({ path, call }: Place, own: string, { line, endLine }: Defined): boolean {
  return path === own && call.line >= line && call.line <= endLine;
}

/** Undefined where it is not given; the empty text where that cannot be told. */
function givenAs({ args, isOpen }: Call, { name, at, ofObject }: Option): string | undefined {
  if (isOpen) return '';
  if (ofObject !== undefined) {
    const object = args[ofObject]?.text;
    if (object === undefined) return undefined;
    if (!object.startsWith('{') || object.includes('...')) return '';
    const [, value] =
      new RegExp(`[{,]\\s*["']?${name}["']?\\s*(?::\\s*([^,}]{1,100}))?(?=\\s*[,}])`).exec(object) ?? [];
    const isThere = new RegExp(`[{,]\\s*["']?${name}\\b`).test(object);
    return isThere ? (value?.trim() ?? '') : undefined;
  }
  const named = args.find((one) => one.name === name);
  if (named !== undefined) return named.text;
  const own = at < 0 ? undefined : args[at];
  return own === undefined || own.name !== undefined ? undefined : own.text;
}

/** Live code uses the function otherwise than by a call: who calls it then, and with what, is not seen. */
function isHandedOn({ tree, known }: Pick<AskedOptions, 'tree' | 'known'>, path: string, { name }: Defined): boolean {
  const word = new RegExp(`(?<![\\w$.'"/-])${name.replaceAll('$', '\\$')}(?![\\w$'"/-])(?!\\s*\\()`, 'g');
  return [...known.facts.keys()].some((one) => {
    if (!known.isLive(one) || !isKnownThere(known, one, path)) return false;
    const rows = linesOf(tree.after.get(one) ?? '');
    return rows.some(
      (row) =>
        row.length < 500 &&
        !/^\s*(?:import|export|from|\/\/|\/?\*|#|"""|(?:module\.)?exports)\b|\brequire\(|^\s*[\w$, ]+$|^\s*[})]|^\s*\*|^\s*\/\*/.test(
          row,
        ) &&
        [...row.matchAll(word)].length > 0,
    );
  });
}
