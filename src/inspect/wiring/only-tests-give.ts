/**
 * Finds new parameters and options that tests pass and product code does not: in production the function works as
 * before. Pure; JavaScript, TypeScript and Python.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { isForTests, linesOf, textBefore } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import type { Call } from './calls';
import type { CodeFacts, FunctionFact } from './code-facts';
import { meantBy } from './named-things';
import type { Known } from './named-things';
import type { Param } from './params';
import type { Starts } from './starts';
import type { Wiring } from './wiring';

/** Values of a parameter with which its feature is off. */
export const OFF =
  /^(?:false|False|None|null|nil|undefined|0|0\.0|''|""|\[\]|\{\}|\(\)|["'](?:off|no|none|never|disabled|false|0|standard|default|plain|normal|regular)["'])$/;
/** A literal that turns an option on. Other arguments of tests may be doubles, for example for a clock. */
const LITERAL = /^(?:true|True|-?\d[\d_.]*|'[^']{0,80}'|"[^"]{0,80}"|`[^`$]{0,80}`)$/;

/** A parameter, or a member of an options object; positions as in `Param`. */
interface Option {
  name: string;
  at: number;
  ofObject?: number;
}

export interface AskedOptions {
  tree: DeliveredTree;
  known: Known;
  /** Facts of the changed files before the change. */
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

function factOf({ tree, known, former }: AskedOptions, path: string, defined: FunctionFact): DeliveredFact | undefined {
  const before = former.get(path)?.functions.filter(({ name }) => name === defined.name) ?? [];
  const options = newOptions(defined, before[0], textBefore(tree, path));
  if (options.length === 0 || before.length > 1) return undefined;
  const calls = callsOf(known, path, defined);
  const live = calls.filter((one) => known.isLive(one.path) && !isWithin(one, path, defined));
  const tests = calls.filter((one) => isForTests(one.path));
  if (live.length === 0 || isPassedOn({ tree, known }, path, defined)) return undefined;
  for (const option of options) {
    const test = tests.find(
      ({ call }) => LITERAL.test(passedText(call, option) ?? '') && !OFF.test(passedText(call, option) ?? ''),
    );
    const isOffInProduct = live.every(({ call }) => {
      const given = passedText(call, option);
      return given === undefined || OFF.test(given);
    });
    if (test === undefined || !isOffInProduct) continue;
    const [caller] = live;
    const where = `${caller?.path ?? ''}:${caller?.call.line ?? 0}`;
    const what = `has in ${defined.name} the option "${option.name}", which tests turn on (${test.path}:${test.call.line}) and no call that goes live does (${where}): there nothing is new; give it where it is called`;
    return { path, line: defined.line, what, text: linesOf(tree.after.get(path) ?? '')[defined.line - 1] ?? '' };
  }
  return undefined;
}

/** Returns parameters, and members of parameters, that the function did not have before. */
function newOptions(defined: FunctionFact, before: FunctionFact | undefined, text: string): Option[] {
  const namesBefore = new Set(before?.params.map(({ name }) => name));
  return defined.params.flatMap((param): Option[] => {
    const { name, at, ofObject } = param;
    const isNew = !namesBefore.has(name);
    const newParam =
      isNew && isOff(param, before !== undefined)
        ? [{ name, at, ...(ofObject === undefined ? {} : { ofObject }) }]
        : [];
    const former = new Set(before?.params.find((one) => one.name === name)?.read);
    const members = param.read.filter((one) => !former.has(one) && !new RegExp(`\\b${one}\\b`).test(text));
    const isOptionsObject =
      at >= 0 && (param.default === '{}' || /^(?:opt(?:ion)?s|settings|config|flags|features)$/i.test(name));
    return [...newParam, ...(isOptionsObject ? members.map((one) => ({ name: one, at: -1, ofObject: at })) : [])];
  });
}

/**
 * True if the feature is off without the argument. A new parameter without a default of an existing function counts as
 * off.
 */
function isOff({ default: value }: Param, wasThere: boolean): boolean {
  return value === undefined ? wasThere : OFF.test(value.trim());
}

interface Place {
  path: string;
  call: Call;
}

function callsOf(known: Known, path: string, defined: FunctionFact): Place[] {
  const all = [...known.facts.values()];
  const isUniqueName =
    all
      .filter((one) => !isForTests(one.path))
      .flatMap(({ functions }) => functions)
      .filter(({ name }) => name === defined.name).length === 1;
  return all.flatMap((one) =>
    one.calls.flatMap((call): Place[] => {
      const meant = meantBy(known, one.path, call);
      if (meant !== undefined)
        return meant.path === path && meant.defined === defined ? [{ path: one.path, call }] : [];
      // A method of an instance, by a name that is unique in the product.
      const isMethod = call.object !== '' && isUniqueName && call.name === defined.name && defined.name.length > 3;
      return isMethod && importsFrom(known, one.path, path) ? [{ path: one.path, call }] : [];
    }),
  );
}

/** True for the file itself, and for files that import from it. */
function importsFrom(known: Known, user: string, path: string): boolean {
  return user === path || known.bound(user).some(({ file }) => file === path);
}

function isWithin({ path, call }: Place, own: string, { line, endLine }: FunctionFact): boolean {
  return path === own && call.line >= line && call.line <= endLine;
}

/** Returns the text that a call passes for an option: undefined if it passes none, '' if the source does not show it. */
function passedText({ args, isOpen }: Call, { name, at, ofObject }: Option): string | undefined {
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

/** True if product code passes the function on, so that the source does not show all calls. */
function isPassedOn(
  { tree, known }: Pick<AskedOptions, 'tree' | 'known'>,
  path: string,
  { name }: FunctionFact,
): boolean {
  const word = new RegExp(`(?<![\\w$.'"/-])${name.replaceAll('$', '\\$')}(?![\\w$'"/-])(?!\\s*\\()`, 'g');
  return [...known.facts.keys()].some((one) => {
    if (!known.isLive(one) || !importsFrom(known, one, path)) return false;
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
