/**
 * Files that set up, guard or judge what goes live, and that neither the sentence nor the plan asked to change: no test runs them,
 * so a line that does something there is for a person. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { isDeployment } from '../deployment';
import type { DeliveredTree } from '../tree';
import { isFine } from './harmless-rows';
import type { Beside } from './harmless-rows';
import { kindOfSetUp, ownKind } from './kinds';
import type { SetUpKind } from './kinds';
import { beyond, rowsOf } from './rows';
import type { Row } from './rows';
import { speaksOf } from './request-text';

const ROWS_TOLD = 3;
/** A change that brings more rows is none that only takes rows away. */
const ROWS_COMPARED = 50;
const ROW_CHARS = 160;
/** Of a policy: it stops something. */
const GUARDS = /\b(?:deny|forbid|error|fail|block|true)\b/i;
const WAY_OUT =
  'neither the sentence nor the plan speaks of it: take it back, name it in the plan, or let a person approve it';

export function unaskedSetUps(tree: DeliveredTree): DeliveredFact[] {
  if (tree.files.filter(({ status }) => status === 'added').length === tree.paths.length) return [];
  return tree.files.flatMap(({ path, status }): DeliveredFact[] => {
    const kind = kindOfSetUp(tree, path);
    if (kind === undefined || speaksOf(tree.asked, path, kind.words)) return [];
    if (status === 'deleted') return isDeployment(path, tree.before.get(path) ?? '') ? [] : [gone(path, kind)];
    if (status === 'added' && !hasEffect(tree, path, kind)) return [];
    return alteredIn(tree, path, kind);
  });
}

function alteredIn(tree: DeliveredTree, path: string, kind: SetUpKind): DeliveredFact[] {
  const text = tree.before.get(path) ?? '';
  const [former, rows] = [rowsOf(text, kind), rowsOf(tree.after.get(path) ?? '', kind)];
  const lost = beyond(former, rows);
  const now = beyond(rows, former).slice(0, ROWS_COMPARED);
  const fresh = beyond(rows, former).filter((row) => !isFine(row, { tree, kind, path, rows, gone: lost, former }));
  // Lines that are gone from files of deployment are found by a rule of their own.
  const missed =
    isDeployment(path, text) || fresh.length > 0
      ? []
      : lost.filter((row) => isMissed(row, { rows, former, tree, kind, path }, now));
  if (fresh.length + missed.length === 0) return [];
  const said = fresh.length > 0 ? `does more or another thing: ${told(fresh)}` : `does less: gone are ${told(missed)}`;
  const what = `is a file ${kind.does}, and ${said}; ${WAY_OUT}`;
  return [{ path, line: fresh[0]?.line ?? null, what, text: fresh[0]?.text ?? '', isWhole: true }];
}

/** Nothing that says as much has come in its place. */
function isMissed(row: Row, { rows, former, ...beside }: Omit<Beside, 'gone'>, come: readonly Row[]): boolean {
  if (beside.kind.name === 'policy') return GUARDS.test(row.text);
  if (isFine(row, { ...beside, rows: former, gone: [], former: [] })) return false;
  return !come.some((now) => isFine(now, { ...beside, rows, gone: [row], former }));
}

function gone(path: string, { does }: SetUpKind): DeliveredFact {
  return { path, line: null, what: `is a file ${does}, and is deleted; ${WAY_OUT}`, text: '', isWhole: true };
}

/** A new file is read where others of its kind are, or by whom its name is known. */
function hasEffect(tree: DeliveredTree, path: string, { name }: SetUpKind): boolean {
  if (name === 'make') return true;
  const called = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'pipeline') return [...tree.after].some(([one, text]) => one !== path && text.includes(called));
  if (name === 'policy' && /ignore|\.nsprc$|\.snyk$|audit/.test(path)) return true;
  const added = new Set(tree.files.filter(({ status }) => status === 'added').map((one) => one.path));
  return tree.paths.some((one) => !added.has(one) && ownKind(tree, one)?.name === name);
}

function told(rows: readonly Row[]): string {
  const shown = rows.slice(0, ROWS_TOLD).map(({ text }) => JSON.stringify(text.slice(0, ROW_CHARS)));
  return `${shown.join(', ')}${rows.length > shown.length ? ` and ${rows.length - shown.length} more` : ''}`;
}
