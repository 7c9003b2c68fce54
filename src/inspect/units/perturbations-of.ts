/**
 * Builds the perturbations of a file's tests: in each new or changed test, one expected value at a time is changed.
 *
 * The tests must then fail. A test that still passes does not check the value that it seems to expect.
 */
import { isCode } from '../../domain/evidence/coverage';
import { MAX_PERTURBATIONS, describeBreak } from '../../domain/experiments/units';
import type { ChangedFile, Edit, Perturbation, PerturbationsOfFile } from '../../domain/experiments/units';
import { expectedAt } from './expectations';
import { TOO_SLOW, withTree } from './grammars';
import { idleStatementAt } from './idle-statements';
import { idleValueAt } from './idle-values';
import type { Grammar, ParsedText } from './grammars';
import { codeKindOf, scriptsOfPage } from './paths';
import { attributesBefore, testsIn } from './tests-in';
import type { FoundTest } from './tests-in';
import type { Syntax } from './syntax';
import { problemOf } from './units-of';

/** `isTest`: false for a source file, in which only assertions within a test module are expectations. */
export async function perturbationsOf(file: ChangedFile, isTest = true): Promise<PerturbationsOfFile> {
  const withoutPerturbations = (note?: string): PerturbationsOfFile => ({
    perturbations: [],
    without: [],
    idle: [],
    notes: note === undefined ? [] : [`${file.path}: ${note}`],
  });
  if (file.changed.size === 0) return withoutPerturbations();
  const problem = problemOf(file.after);
  if (problem !== undefined) return withoutPerturbations(`${problem}; no expectation is read`);
  const kind = codeKindOf(file.path);
  if (kind.kind === 'tree') return perturbationsOfText(file, { text: file.after, grammar: kind.grammar, isTest });
  if (kind.kind !== 'page') return withoutPerturbations('expectations are not read in this language');
  const scripts = scriptsOfPage(file.after);
  return perturbationsOfText(file, { ...scripts, isTest });
}

interface Expectation {
  node: Syntax;
  edit: Edit;
  test: FoundTest | undefined;
}

async function perturbationsOfText(
  file: ChangedFile,
  { text, grammar, isTest }: { text: string; grammar: Grammar; isTest: boolean },
): Promise<PerturbationsOfFile> {
  const lines = text.split('\n');
  const changed = new Set([...file.changed].filter((line) => isCode(lines[line - 1] ?? '')));
  const found = await withTree(grammar, text, (parsed) => {
    const tests = testsIn(parsed.root, grammar);
    const changedTests = tests.filter(({ node, isSkipped }) => !isSkipped && isChangedItself(node, changed, tests));
    const expectations = expectationsIn(parsed, { grammar, tests });
    const groups = changedTests.map((test) => ({
      test,
      expectations: expectations.filter((one) => one.test === test),
    }));
    const outsideTests = expectations.filter(
      (one) => one.test === undefined && one.node.touches(changed) && (isTest || isInTestModule(one.node)),
    );
    const perturbations = [...groups, { test: undefined, expectations: outsideTests }].flatMap(
      ({ test, expectations }) =>
        chooseExpectations(expectations, changed, parsed).map(({ node, edit }) => ({
          path: file.path,
          line: node.line,
          test: test?.name ?? '',
          says: describeBreak(saysEdit(text, edit)),
          edit,
        })),
    );
    const without = groups
      .filter(
        ({ test, expectations }) =>
          expectations.length === 0 && !tests.some((other) => isWithin(other.node, test.node)),
      )
      .filter(({ test }) => !(grammar === 'go' && isFuzzTarget(test)))
      .map(({ test }) => ({ test: test.name, line: test.node.line }));
    const idle = idleIn(parsed, { grammar, tests, changed });
    return { perturbations: perturbations.sort(byPlace), without, idle, notes: notesOf(file, tests, changed) };
  });
  return (
    found ?? { perturbations: [], without: [], idle: [], notes: [`${file.path}: ${TOO_SLOW}; no expectation is read`] }
  );
}

/** True for a fuzz target of Go that has seeds and calls the program: it may check only that nothing panics. */
function isFuzzTarget({ name, node }: FoundTest): boolean {
  if (!name.startsWith('Fuzz') || !node.text.includes('.Add(')) return false;
  const body = node.text.split('.Fuzz(')[1] ?? '';
  return /(?<![\w.])(?!func\b|t\.|f\.|if\b|for\b|switch\b|len\b|string\b)[A-Za-z_][\w.]{0,80}\(/.test(
    body.replace(/^func\(/, ''),
  );
}

function notesOf({ path }: ChangedFile, tests: readonly FoundTest[], changed: ReadonlySet<number>): string[] {
  return tests
    .filter(({ node, isSkipped }) => isSkipped && node.touches(changed))
    .map(({ name, node }) => `${path}:${node.line}: "${name}" is skipped, so nothing is asked of it`);
}

function byPlace(a: Perturbation, b: Perturbation): number {
  return a.edit.from - b.edit.from;
}

/** True for a node within `#[cfg(test)] mod tests { ... }` of Rust. */
function isInTestModule(node: Syntax): boolean {
  for (let above = node.parent; above !== null; above = above.parent)
    if (above.type === 'mod_item' && attributesBefore(above).some((one) => /^#\[\s*cfg\(test\)/.test(one.text)))
      return true;
  return false;
}

function isWithin(inner: Syntax, outer: Syntax): boolean {
  return inner !== outer && inner.from >= outer.from && inner.to <= outer.to;
}

/** True if a line of the test itself is changed, outside of the tests within it. */
function isChangedItself(node: Syntax, changed: ReadonlySet<number>, tests: readonly FoundTest[]): boolean {
  const inner = tests.filter((other) => isWithin(other.node, node));
  for (let line = node.line; line <= node.endLine; line += 1) {
    if (changed.has(line) && !inner.some((other) => other.node.line <= line && line <= other.node.endLine)) return true;
  }
  return false;
}

function expectationsIn(
  { root, text }: ParsedText,
  { grammar, tests }: { grammar: Grammar; tests: readonly FoundTest[] },
): Expectation[] {
  const found: Expectation[] = [];
  for (const node of root.walk()) {
    const edit = node.isNamed ? expectedAt(node, { grammar, text }) : undefined;
    if (edit !== undefined) found.push({ node, edit, test: innermost(node, tests) });
  }
  for (const test of grammar === 'rust' ? tests : []) {
    const panic = attributesBefore(test.node).find((one) => /^#\[\s*should_panic\b/.test(one.text));
    if (panic !== undefined) found.push({ node: panic, edit: { from: panic.from, to: panic.to, text: '' }, test });
  }
  return found;
}

/** Finds changed assertions that assert nothing, also in tests that have other assertions. */
function idleIn(
  { root, text }: ParsedText,
  { grammar, tests, changed }: { grammar: Grammar; tests: readonly FoundTest[]; changed: ReadonlySet<number> },
): PerturbationsOfFile['idle'] {
  const reading = { grammar, text };
  const found: PerturbationsOfFile['idle'] = [];
  for (const node of tests.length === 0 ? [] : root.walk((one) => one.touches(changed))) {
    const test = node.isNamed ? innermost(node, tests) : undefined;
    if (test === undefined || test.isSkipped || !changed.has(node.line)) continue;
    const says = idleValueAt(node, reading) ?? idleStatementAt(node, test.node, reading);
    if (says !== undefined) found.push({ test: test.name, line: node.line, says });
  }
  return found;
}

function innermost(node: Syntax, tests: readonly FoundTest[]): FoundTest | undefined {
  return tests.findLast((test) => isWithin(node, test.node));
}

/** Returns the first, the middle and the last expectation. If the test has changed ones, only these count. */
function chooseExpectations(
  expectations: readonly Expectation[],
  changed: ReadonlySet<number>,
  parsed: ParsedText,
): Expectation[] {
  const changedOnes = expectations.filter(({ node }) => node.touches(changed));
  const fitting = (changedOnes.length > 0 ? changedOnes : expectations).filter(({ edit }) => parsed.fits(edit));
  if (fitting.length <= MAX_PERTURBATIONS) return fitting;
  const picked = [fitting[0], fitting[Math.floor((fitting.length - 1) / 2)], fitting.at(-1)];
  return picked.filter((one) => one !== undefined);
}

/** Returns the edited line before and after the edit. */
function saysEdit(text: string, { from, to, text: inserted }: Edit): string {
  const begin = Math.max(text.lastIndexOf('\n', from - 1) + 1, from - 60);
  const lineEnd = text.indexOf('\n', to);
  const end = Math.min(lineEnd === -1 ? text.length : lineEnd, to + 20);
  const oldLine = text.slice(begin, end).trim();
  const newLine = (text.slice(begin, from) + inserted + text.slice(to, end)).trim();
  return `${oldLine.slice(0, 72)} becomes ${newLine.slice(0, 76)}`;
}
