/**
 * Finds the units of a changed file. Each unit is an edit that breaks the code in one way which tests should notice. It also lists
 * changed lines that are no units, with the reason.
 * Edits that cause a syntax error are left out.
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
  const isOnlyNamedGenerated =
    file.isHandWritten === true && kindByPath.kind === 'none' && kindByPath.why === 'generated';
  const kind = isOnlyNamedGenerated ? codeKindOf(path) : kindByPath;
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

/** Returns why a text cannot be read; undefined if it can. */
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
  const scriptLines = scripts.split('\n');
  const outside = [...file.changed].filter((line) => (scriptLines[line - 1] ?? '').trim() === '');
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

/** Returns the changed lines with code that experiments may break, and why other changed lines are no units. */
export function codeLinesOf(
  root: Syntax,
  changed: ReadonlySet<number>,
): { lines: Set<number>; others: Array<Omit<NotAUnit, 'path'>> } {
  const lines = new Set<number>();
  const others: Array<Omit<NotAUnit, 'path'>> = [];
  const mayHoldCode = (node: Syntax): boolean => {
    if (!node.touches(changed)) return false;
    const why = regionOf(node);
    if (why === undefined) return true;
    const line = firstChangedLine(node, changed);
    if (line !== undefined) others.push({ line, why });
    return false;
  };
  for (const node of root.walk(mayHoldCode)) {
    if (node.all.length > 0 || !(node.isNamed || /\w|[-+*/%<>=!&|?^~]/.test(node.type))) continue;
    for (let line = node.line; line <= node.endLine; line += 1) if (changed.has(line)) lines.add(line);
  }
  return { lines, others: others.filter(({ line, why }) => why !== 'comment' || !lines.has(line)) };
}

function firstChangedLine(node: Syntax, changed: ReadonlySet<number>): number | undefined {
  for (let line = node.line; line <= node.endLine; line += 1) if (changed.has(line)) return line;
  return undefined;
}

function candidatesOf(root: Syntax, context: RuleContext): OwnedCandidate[] {
  const found: OwnedCandidate[] = [];
  const mayBreak = (node: Syntax): boolean => node.touches(context.lines) && regionOf(node) === undefined;
  for (const node of root.walk(mayBreak)) {
    if (!node.isNamed) continue;
    if (FUNCTIONS.has(node.type)) {
      const name = nameOf(node);
      const owner = name === undefined ? ownerOf(node) : { name, line: node.line };
      found.push(...breaksOfFunction(node, context).map((candidate) => ({ ...candidate, owner })));
      continue;
    }
    const candidates = RULES.flatMap((rule) => rule(node, context));
    if (candidates.length > 0) found.push(...candidates.map((one) => ({ ...one, owner: ownerOf(node) })));
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

/** Returns the nearest function around the node that has a name. */
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
  let functionAround: Syntax | undefined;
  const offset = unit.edit.from;
  for (const node of root.walk(({ from, to }) => from < offset && offset < to)) {
    if (!FUNCTIONS.has(node.type)) continue;
    functionAround = node;
    const name = nameOf(node);
    if (name !== undefined) owner = { name, line: node.line };
  }
  const condition = functionAround === undefined ? undefined : refusedBy(unit.edit.text);
  const isGuard =
    condition !== undefined && stillNamed(condition, functionAround?.text ?? '') && !holdsCondition(text, condition);
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
  let droppedCount = 0;
  const lines = after.split('\n');
  for (const { line, kind, owner, says, edit, mark, condition } of ranked) {
    const key = `${edit.from} ${edit.to} ${edit.text}`;
    if (kept.has(key)) continue;
    if (kept.size >= MAX_UNITS) droppedCount += 1;
    else if (parsed === undefined || parsed.fits(edit)) {
      const markOfUnit = mark ?? plainMark(path, { kind, edit }, lines[line - 1] ?? '');
      kept.set(key, {
        path,
        line,
        kind,
        owner,
        says: describeBreak(says),
        edit,
        ...(markOfUnit && { mark: markOfUnit }),
        ...(condition && { condition }),
      });
    }
  }
  const notes =
    droppedCount === 0
      ? []
      : [`${path}: ${droppedCount} more units are left out, since a file gives at most ${MAX_UNITS}`];
  const units = [...kept.values()].sort(
    (a, b) => a.line - b.line || rankOf(a) - rankOf(b) || a.edit.from - b.edit.from,
  );
  return { units, others, notes };
}

function rankOf({ kind }: Pick<Unit, 'kind'>): number {
  if (kind === 'function') return 0;
  return kind === 'branch' || kind === 'value' ? 1 : 2;
}
