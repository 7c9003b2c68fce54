/**
 * Finds imports of names that a file of the product does not export, and calls of members that an object does not have.
 * A test with a double passes, but production throws. Pure; JavaScript and Python.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { isSubmodule } from '../delivered/removed-names';
import { addedLines, linesOf } from '../delivered/tree';
import type { DeliveredTree } from '../delivered/tree';
import { exportedNames } from '../imports/js-names';
import { pythonExports } from '../imports/py-names';
import type { Call } from './calls';
import { meantBy } from './named-things';
import type { Known } from './named-things';

/** Languages without a compiler that checks members. */
const UNCHECKED_LANGUAGE = /\.(?:[cm]?js|jsx|py)$/;
/** Members that every object may have. */
const COMMON_MEMBER =
  /^(?:hasOwnProperty|toString|valueOf|constructor|then|default|isPrototypeOf|__\w+|(?:apply|call|bind))$/;
/** Signs that code handles a missing member. */
const GUARD = /\btry\b|\.catch\b|ImportError|AttributeError|hasattr\(|TYPE_CHECKING|suppress\(/;
const MAX_LINES_ABOVE = 6;

interface KnownObject {
  from: string;
  has(name: string): boolean;
}
interface Context {
  tree: DeliveredTree;
  known: Known;
}

export function missingMembers(tree: DeliveredTree, known: Known, changed: readonly string[]): DeliveredFact[] {
  const context = { tree, known };
  const changedPaths = new Set(changed);
  const found = [...known.facts.keys()]
    .filter((path) => UNCHECKED_LANGUAGE.test(path) && changedPaths.has(path))
    .flatMap((path) => [...missingNames(context, path), ...missingCalls(context, path)]);
  return [...found, ...passedObjects(context, changedPaths)];
}

/** Finds imports of names that the other file does not export. */
function missingNames({ tree, known }: Context, path: string): DeliveredFact[] {
  const { isAdded, rows } = linesIn(tree, path);
  return known.bound(path).flatMap(({ name, file, line }): DeliveredFact[] => {
    if (name === '*' || !isAdded(line) || isGuarded(rows, line)) return [];
    const target = moduleOf(tree, file);
    if (
      target === undefined ||
      target.has(name) ||
      (name === 'default' && !/\bexport\b/.test(tree.after.get(file) ?? ''))
    )
      return [];
    const what = `takes "${name}" from ${file}, which does not give it: this file stops where it is loaded; give the name there, or take another one`;
    return [{ path, line, what, text: rows[line - 1] ?? '' }];
  });
}

/** Finds calls of members that the object does not have. */
function missingCalls({ tree, known }: Context, path: string): DeliveredFact[] {
  const { isAdded, rows } = linesIn(tree, path);
  return (known.facts.get(path)?.calls ?? []).flatMap(({ name, object, line }): DeliveredFact[] => {
    if (object === '' || !isAdded(line) || COMMON_MEMBER.test(name) || isGuarded(rows, line)) return [];
    const target = objectOf({ tree, known }, path, object);
    if (target === undefined || target.has(name) || isCheckedFirst(tree, path, `${object}.${name}`)) return [];
    const what = `calls ${object}.${name}, and ${target.from} has no "${name}": this line stops where it runs; call what is there, or write it`;
    return [{ path, line, what, text: rows[line - 1] ?? '' }];
  });
}

/** Finds an object that is passed to a product function which calls a member that the object does not have. */
function passedObjects({ tree, known }: Context, changed: ReadonlySet<string>): DeliveredFact[] {
  const users = [...known.facts.values()].filter(({ path }) => UNCHECKED_LANGUAGE.test(path) && known.isLive(path));
  return users.flatMap(({ path, calls }) =>
    calls.flatMap((call): DeliveredFact[] => {
      const meant = meantBy(known, path, call);
      if (meant === undefined || !(changed.has(path) || changed.has(meant.path))) return [];
      return meant.defined.params.flatMap((param): DeliveredFact[] => {
        if (param.called.length === 0) return [];
        const local = passedName(call, param);
        const target = local === undefined ? undefined : objectOf({ tree, known }, path, local);
        const name =
          target === undefined ? undefined : param.called.find((one) => !COMMON_MEMBER.test(one) && !target.has(one));
        if (target === undefined || name === undefined || isCheckedFirst(tree, meant.path, `${param.name}.${name}`))
          return [];
        const { rows, isAdded } = linesIn(tree, path);
        const inner = linesIn(tree, meant.path);
        const { line, endLine } = meant.defined;
        if (!isAdded(call.line) && !inner.isAddedWithin(line, endLine)) return [];
        const what = `gives ${local ?? ''} to ${call.name} of ${meant.path}, which calls its "${name}", and ${target.from} has none: this call stops where it runs; call what is there, or write it`;
        return [{ path, line: call.line, what, text: rows[call.line - 1] ?? '' }];
      });
    }),
  );
}

/** Returns the name that a call passes for a parameter; undefined if it passes another expression. */
function passedName(
  { args, isOpen }: Call,
  param: { name: string; at: number; ofObject?: number },
): string | undefined {
  if (isOpen) return undefined;
  const plain = (text: string | undefined): string | undefined =>
    /^[A-Za-z_$][\w$]*$/.test(text ?? '') ? text : undefined;
  if (param.ofObject !== undefined) {
    const [, value, short] =
      new RegExp(`[{,]\\s*(?:${param.name}\\s*:\\s*([\\w$]+)|(${param.name}))\\s*[,}]`).exec(
        args[param.ofObject]?.text ?? '',
      ) ?? [];
    return value ?? short;
  }
  const named = args.find(({ name }) => name === param.name);
  if (named !== undefined) return plain(named.text);
  const at = args[param.at];
  return at === undefined || at.name !== undefined ? undefined : plain(at.text);
}

/** Returns the object that a name of a file means, if all of its members are known. */
function objectOf({ tree, known }: Context, path: string, local: string): KnownObject | undefined {
  const facts = known.facts.get(path);
  if (facts === undefined || !/^[\w$]+$/.test(local) || facts.inner.has(local) || isExtended(tree, local))
    return undefined;
  const bound = known.bound(path).find((one) => one.local === local);
  if (bound?.name === '*') return moduleOf(tree, bound.file);
  return shapeOf(known, { path: bound?.file ?? path, name: bound?.name ?? local, isBound: bound !== undefined });
}

function shapeOf(
  known: Known,
  { path, name, isBound }: { path: string; name: string; isBound: boolean },
): KnownObject | undefined {
  const facts = known.facts.get(path);
  const made = facts?.instances.filter((one) => one.name === name) ?? [];
  if (facts === undefined || made.length > 1) return undefined;
  const [instance] = made;
  if (instance !== undefined) {
    const from = known.bound(path).find(({ local }) => local === instance.of);
    return membersOfShape(known, { path: from?.file ?? path, name: from?.name ?? instance.of, kind: 'class' });
  }
  return isBound ? membersOfShape(known, { path, name, kind: 'object' }) : undefined;
}

function membersOfShape(
  known: Known,
  { path, name, kind }: { path: string; name: string; kind: string },
): KnownObject | undefined {
  const all = known.facts.get(path)?.shapes.filter((one) => one.name === name && one.kind === kind) ?? [];
  const [shape] = all;
  if (all.length !== 1 || shape === undefined || shape.isOpen) return undefined;
  const members = new Set(shape.members);
  return { from: `${name === 'default' ? 'the default' : name} of ${path}`, has: (one) => members.has(one) };
}

function moduleOf(tree: DeliveredTree, file: string): KnownObject | undefined {
  const text = tree.after.get(file);
  if (text === undefined || !UNCHECKED_LANGUAGE.test(file)) return undefined;
  if (file.endsWith('.py')) {
    const names = /\bsys\.modules\[|\bsetattr\(|\bexec\(/.test(text) ? undefined : pythonExports(text);
    return names && { from: file, has: (one) => names.has(one) || isSubmodule(tree, file, one) };
  }
  const { names, stars, isOpen } = exportedNames(text);
  const isDynamic =
    isOpen ||
    stars.length > 0 ||
    /\bProxy\b|\b(?:exports|module)\s?\[|Object\.(?:assign|define\w+)\(\s?(?:module\.)?exports/.test(text);
  return isDynamic || names.size === 0 ? undefined : { from: file, has: (one) => names.has(one) };
}

/** True if code adds members to the object later, as in `mailer.send = `. */
function isExtended({ after }: DeliveredTree, local: string): boolean {
  const sets = new RegExp(
    `(?<![\\w$.])${local.replaceAll('$', '\\$')}(?:\\.\\w{1,60}\\s?=(?!=)|\\[)|(?:assign|definePropert\\w+|setattr)\\(\\s?${local.replaceAll('$', '\\$')}\\b`,
  );
  return [...after].some(
    ([path, text]) =>
      UNCHECKED_LANGUAGE.test(path) &&
      text.includes(local) &&
      !/(^|\/)(?:tests?|__tests__)\//.test(path) &&
      sets.test(text),
  );
}

/** True if code checks the member: `typeof mailer.send`, `if (mailer.send)`, `mailer.send &&`. */
function isCheckedFirst({ after }: DeliveredTree, path: string, member: string): boolean {
  const name = literal(member);
  return new RegExp(`typeof\\s+${name}|${name}\\s*(?:&&|\\?|\\|\\||\\)\\s*\\{?)(?!\\()|${name}\\?\\.|hasattr\\(`).test(
    after.get(path) ?? '',
  );
}

function isGuarded(rows: string[], line: number): boolean {
  return rows.slice(Math.max(0, line - MAX_LINES_ABOVE), line + 1).some((row) => GUARD.test(row.slice(0, 400)));
}

interface Lines {
  rows: string[];
  isAdded(line: number): boolean;
  isAddedWithin(from: number, to: number): boolean;
}

const LINES = new WeakMap<DeliveredTree, Map<string, Lines>>();

/** Returns the lines of a file, which is split once for all calls in it. */
function linesIn(tree: DeliveredTree, path: string): Lines {
  const known = LINES.get(tree) ?? new Map<string, Lines>();
  LINES.set(tree, known);
  const lines = known.get(path) ?? readLines(tree, path);
  known.set(path, lines);
  return lines;
}

function readLines(tree: DeliveredTree, path: string): Lines {
  const rows = linesOf(tree.after.get(path) ?? '');
  const added = addedLines(tree, path);
  /** The number of added lines up to each line. */
  const countsTo = [0];
  for (let line = 1; line <= rows.length; line += 1)
    countsTo.push((countsTo[line - 1] ?? 0) + (added.has(line) ? 1 : 0));
  const countTo = (line: number): number => countsTo[Math.min(Math.max(line, 0), rows.length)] ?? 0;
  return {
    rows,
    isAdded: (line) => added.has(line),
    isAddedWithin: (from, to) => countTo(to) > countTo(from - 1),
  };
}
