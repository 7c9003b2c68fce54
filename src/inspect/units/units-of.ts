/**
 * Finds the units of a changed file. Each unit is an edit that breaks the code in one way which tests should notice. It also lists
 * changed lines that are no units, with the reason.
 *
 * It reads the given text only. Edits that cause a syntax error are left out.
 */
import { MAX_CHARS, MAX_UNITS, describeBreak } from '../../domain/experiments/units';
import type { ChangedFile, NotAUnit, NoUnitReason, Unit, UnitsOfFile } from '../../domain/experiments/units';
import { breaksOfAlias } from './aliases';
import { breaksOfBranch, reportsAt } from './branches';
import type { Candidate, Rule, RuleContext } from './candidate';
import { breaksOfConstant } from './constants';
import { breaksOfCondition, breaksOfOperator } from './expressions';
import { breaksOfFunction, nameOf } from './functions';
import { unitsOfData } from './data';
import { TOO_SLOW, withTree } from './grammars';
import type { Grammar, ParsedText } from './grammars';
import { unitsOfHunks } from './hunks';
import { FUNCTIONS, rulesOf } from './languages';
import { unitsByLines } from './lines';
import { plainMark } from './plain';
import { codeKindOf, isGenerated, kindOf, scriptsOfPage, styleLinesOfPage } from './paths';
import { regionOf } from './regions';
import { holdsCondition, refusedBy, stillNamed } from './refusals';
import { breaksOfStatement, breaksOfValue } from './statements';
import { breaksOfSwallowed } from './swallowed';
import type { Syntax } from './syntax';

const RULES: readonly Rule[] = [
  breaksOfSwallowed,
  breaksOfBranch,
  breaksOfCondition,
  breaksOfOperator,
  breaksOfConstant,
  breaksOfValue,
  breaksOfStatement,
];

export async function unitsOf(file: ChangedFile): Promise<UnitsOfFile> {
  const { path, after } = file;
  const kindByPath = kindOf(path, file.isTest, file.isRead);
  const isAsked = file.isHandWritten === true && kindByPath.kind === 'none' && kindByPath.why === 'generated';
  const kind = isAsked ? codeKindOf(path) : kindByPath;
  const noUnits = (why: NoUnitReason): UnitsOfFile => ({ units: [], others: [otherOf(file, why)], notes: [] });
  if (file.changed.size === 0 && file.removed.length === 0) return { units: [], others: [], notes: [] };
  if (kind.kind === 'none') return noUnits(kind.why);
  const problem = problemOf(after);
  if (problem !== undefined) return { units: [], others: [], notes: [`${path}: ${problem}; no unit is made of it`] };
  // If the change itself adds the mark "generated", its code still has units.
  if (isGenerated(after) && file.wasGenerated !== false && file.isHandWritten !== true) return noUnits('generated');
  if (kind.kind === 'unknown') return { units: [], others: [], notes: [`${path}: no language that is known here`] };
  if (kind.kind === 'lines') {
    const { units, others } = unitsByLines(file);
    const hunks = unitsOfHunks(file, null);
    return limitUnits(
      path,
      [...units, ...hunks].map((unit) => ({ ...unit, owner: null })),
      { after, others: others.map((other) => ({ path, ...other })) },
    );
  }
  if (kind.kind === 'data') {
    const units = unitsOfData(file);
    return units.length === 0 ? noUnits('declaration') : { units, others: [], notes: [] };
  }
  if (kind.kind === 'tree') return unitsOfScript(file, after, kind.grammar);
  const scripts = scriptsOfPage(after);
  const found = await unitsOfScript(file, scripts.text, scripts.grammar);
  return { ...found, others: [...found.others, ...othersOfPage(file, scripts.text)] };
}

/** The reason why a text cannot be read; undefined where it can. */
export function problemOf(text: string): string | undefined {
  if (text.length > MAX_CHARS) return `longer than ${MAX_CHARS / 1024} KiB`;
  return text.includes('\0') ? 'no text' : undefined;
}

function otherOf({ path, changed, removed }: ChangedFile, why: NoUnitReason): NotAUnit {
  const lines = [...changed, ...removed.map(({ line }) => line)];
  return { path, line: lines.reduce((least, line) => Math.min(least, line), lines[0] ?? 1), why };
}

const MARKUP = /\.html?$/i;

function othersOfPage(file: ChangedFile, scripts: string): NotAUnit[] {
  const styles = styleLinesOfPage(file.after);
  const bare = scripts.split('\n');
  const outside = [...file.changed].filter((line) => (bare[line - 1] ?? '').trim() === '');
  const inStyle = outside.find((line) => styles.has(line));
  const inMarkup = outside.find((line) => !styles.has(line) && /\w/.test(file.after.split('\n', line)[line - 1] ?? ''));
  return [
    ...(inStyle === undefined ? [] : [{ path: file.path, line: inStyle, why: 'style' as const }]),
    ...(inMarkup === undefined
      ? []
      : [
          {
            path: file.path,
            line: inMarkup,
            why: MARKUP.test(file.path) ? ('document' as const) : ('declaration' as const),
          },
        ]),
  ];
}

type OwnedCandidate = Candidate & Pick<Unit, 'owner'>;

async function unitsOfScript(file: ChangedFile, text: string, grammar: Grammar): Promise<UnitsOfFile> {
  const { path, changed } = file;
  const units = await withTree(grammar, text, (parsed) => {
    const { lines, others } = codeLinesOf(parsed.root, changed);
    const context: RuleContext = { rules: rulesOf(grammar), text, lines };
    const found =
      lines.size === 0
        ? []
        : [...candidatesOf(parsed.root, context), ...breaksOfAlias(parsed.root, context.rules, file)];
    const reports = lines.size === 0 ? [] : reportLinesOf(parsed.root, lines);
    const hunks = unitsOfHunks(file, parsed).map((unit) => restoredUnit(parsed, unit));
    const all = [...others, ...reports.map((line) => ({ line, why: 'message' as const }))];
    return limitUnits(path, [...found, ...hunks], {
      after: text,
      parsed,
      others: withoutRepeats(all).map((other) => ({ path, ...other })),
    });
  });
  return units ?? { units: [], others: [], notes: [`${path}: ${TOO_SLOW}; nothing of it is asked`] };
}

/** The changed lines with code that experiments may break, and the reasons why other changed lines are no units. */
export function codeLinesOf(
  root: Syntax,
  changed: ReadonlySet<number>,
): { lines: Set<number>; others: Array<Omit<NotAUnit, 'path'>> } {
  const lines = new Set<number>();
  const others: Array<Omit<NotAUnit, 'path'>> = [];
  const within = (node: Syntax): boolean => {
    if (!node.touches(changed)) return false;
    const why = regionOf(node);
    if (why === undefined) return true;
    const at = firstOf(node, changed);
    if (at !== undefined) others.push({ line: at, why });
    return false;
  };
  for (const node of root.walk(within)) {
    if (node.all.length > 0 || !(node.isNamed || /\w|[-+*/%<>=!&|?^~]/.test(node.type))) continue;
    for (let line = node.line; line <= node.endLine; line += 1) if (changed.has(line)) lines.add(line);
  }
  return { lines, others: others.filter(({ line, why }) => why !== 'comment' || !lines.has(line)) };
}

function firstOf(node: Syntax, changed: ReadonlySet<number>): number | undefined {
  for (let line = node.line; line <= node.endLine; line += 1) if (changed.has(line)) return line;
  return undefined;
}

function candidatesOf(root: Syntax, context: RuleContext): OwnedCandidate[] {
  const found: OwnedCandidate[] = [];
  const isAsked = (node: Syntax): boolean => node.touches(context.lines) && regionOf(node) === undefined;
  for (const node of root.walk(isAsked)) {
    if (!node.isNamed) continue;
    if (FUNCTIONS.has(node.type)) {
      const own = nameOf(node);
      const owner = own === undefined ? ownerOf(node) : { name: own, line: node.line };
      found.push(...breaksOfFunction(node, context).map((made) => ({ ...made, owner })));
      continue;
    }
    const made = RULES.flatMap((rule) => rule(node, context));
    if (made.length > 0) found.push(...made.map((one) => ({ ...one, owner: ownerOf(node) })));
  }
  return found;
}

function reportLinesOf(root: Syntax, lines: ReadonlySet<number>): number[] {
  const found: number[] = [];
  for (const node of root.walk((one) => one.touches(lines) && regionOf(one) === undefined)) {
    if (node.isNamed) found.push(...reportsAt(node).filter((line) => lines.has(line)));
  }
  return found;
}

/** The nearest function with a name that contains the node. */
function ownerOf(node: Syntax): Unit['owner'] {
  for (let above = node.above(FUNCTIONS); above !== undefined; above = above.above(FUNCTIONS)) {
    const name = nameOf(above);
    if (name !== undefined) return { name, line: above.line };
  }
  return null;
}

/** Adds the function that contained the removed text, and a mark if the text is a guard which that function could still need. */
function restoredUnit({ root, text }: ParsedText, unit: Candidate): OwnedCandidate {
  let owner: Unit['owner'] = null;
  let around: Syntax | undefined;
  const offset = unit.edit.from;
  for (const node of root.walk(({ from, to }) => from < offset && offset < to)) {
    if (!FUNCTIONS.has(node.type)) continue;
    around = node;
    const name = nameOf(node);
    if (name !== undefined) owner = { name, line: node.line };
  }
  const condition = around === undefined ? undefined : refusedBy(unit.edit.text);
  const isGuard =
    condition !== undefined && stillNamed(condition, around?.text ?? '') && !holdsCondition(text, condition);
  return { ...unit, owner, ...(isGuard ? { mark: 'guard' as const, condition } : {}) };
}

function withoutRepeats(others: ReadonlyArray<Omit<NotAUnit, 'path'>>): Array<Omit<NotAUnit, 'path'>> {
  const byKey = new Map(others.map((other) => [`${other.line} ${other.why}`, other]));
  return [...byKey.values()].sort((a, b) => a.line - b.line);
}

/** Keeps at most MAX_UNITS units: first those that break whole functions and branches, wherever they are in the file. */
function limitUnits(
  path: string,
  found: readonly OwnedCandidate[],
  { after, parsed, others }: { after: string; parsed?: ParsedText; others: NotAUnit[] },
): UnitsOfFile {
  const ranked = [...found].sort((a, b) => rankOf(a) - rankOf(b) || a.line - b.line);
  const kept = new Map<string, Unit>();
  let left = 0;
  const lines = after.split('\n');
  for (const { line, kind, owner, says, edit, mark, condition } of ranked) {
    const key = `${edit.from} ${edit.to} ${edit.text}`;
    if (kept.has(key)) continue;
    if (kept.size >= MAX_UNITS) left += 1;
    else if (parsed === undefined || parsed.fits(edit)) {
      const known = mark ?? plainMark(path, { kind, edit }, lines[line - 1] ?? '');
      kept.set(key, {
        path,
        line,
        kind,
        owner,
        says: describeBreak(says),
        edit,
        ...(known && { mark: known }),
        ...(condition && { condition }),
      });
    }
  }
  const notes = left === 0 ? [] : [`${path}: ${left} more units are left out, since a file gives at most ${MAX_UNITS}`];
  const units = [...kept.values()].sort(
    (a, b) => a.line - b.line || rankOf(a) - rankOf(b) || a.edit.from - b.edit.from,
  );
  return { units, others, notes };
}

function rankOf({ kind }: Pick<Unit, 'kind'>): number {
  if (kind === 'function') return 0;
  return kind === 'branch' || kind === 'value' ? 1 : 2;
}
