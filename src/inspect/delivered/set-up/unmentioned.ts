/**
 * Finds changes of set-up files that neither the request nor the plan asks for. No test runs these files, so a person decides about
 * each row that has an effect. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { isDeployment } from '../deployment';
import type { DeliveredTree } from '../tree';
import { isHarmlessRow } from './harmless-rows';
import type { RowContext } from './harmless-rows';
import { kindOfSetUp, ownKind } from './kinds';
import type { SetUpKind } from './kinds';
import { additionalRows, rowsOf } from './rows';
import type { Row } from './rows';
import { isMentioned } from './request-text';

const MAX_ROWS_SHOWN = 3;
/** Only this many new rows are compared with the removed ones. */
const MAX_ROWS_COMPARED = 50;
const MAX_ROW_CHARS = 160;
/** Rows of a policy that stop something. */
const GUARD_WORD = /\b(?:deny|forbid|error|fail|block|true)\b/i;
const REMEDY = 'neither the request nor the plan mentions it: undo it, name it in the plan, or let a person approve it';

export function findUnmentionedSetUps(tree: DeliveredTree): DeliveredFact[] {
  if (tree.files.filter(({ status }) => status === 'added').length === tree.paths.length) return [];
  return tree.files.flatMap(({ path, status }): DeliveredFact[] => {
    const kind = kindOfSetUp(tree, path);
    if (kind === undefined || isMentioned(tree.asked, path, kind.words)) return [];
    if (status === 'deleted') return isDeployment(path, tree.before.get(path) ?? '') ? [] : [deletedFact(path, kind)];
    if (status === 'added' && !hasEffect(tree, path, kind)) return [];
    return findAlterations(tree, path, kind);
  });
}

function findAlterations(tree: DeliveredTree, path: string, kind: SetUpKind): DeliveredFact[] {
  const text = tree.before.get(path) ?? '';
  const [rowsBefore, rows] = [rowsOf(text, kind), rowsOf(tree.after.get(path) ?? '', kind)];
  const removedRows = additionalRows(rowsBefore, rows);
  const newRows = additionalRows(rows, rowsBefore).slice(0, MAX_ROWS_COMPARED);
  const harmfulRows = additionalRows(rows, rowsBefore).filter(
    (row) => !isHarmlessRow(row, { tree, kind, path, rows, removedRows, rowsBefore }),
  );
  // deployment.ts reports rows that are removed from deployment files.
  const unreplaced =
    isDeployment(path, text) || harmfulRows.length > 0
      ? []
      : removedRows.filter((row) => isUnreplaced(row, { rows, rowsBefore, tree, kind, path }, newRows));
  if (harmfulRows.length + unreplaced.length === 0) return [];
  const difference =
    harmfulRows.length > 0
      ? `has new or altered rows: ${describeRows(harmfulRows)}`
      : `has lost rows: ${describeRows(unreplaced)}`;
  const what = `is a file ${kind.does}, and ${difference}; ${REMEDY}`;
  return [{ path, line: harmfulRows[0]?.line ?? null, what, text: harmfulRows[0]?.text ?? '', showsWholeChange: true }];
}

/** True for a removed row that no new row replaces. */
function isUnreplaced(
  row: Row,
  { rows, rowsBefore, ...beside }: Omit<RowContext, 'removedRows'>,
  added: readonly Row[],
): boolean {
  if (beside.kind.name === 'policy') return GUARD_WORD.test(row.text);
  if (isHarmlessRow(row, { ...beside, rows: rowsBefore, removedRows: [], rowsBefore: [] })) return false;
  return !added.some((newRow) => isHarmlessRow(newRow, { ...beside, rows, removedRows: [row], rowsBefore }));
}

function deletedFact(path: string, { does }: SetUpKind): DeliveredFact {
  return { path, line: null, what: `is a file ${does}, and is deleted; ${REMEDY}`, text: '', showsWholeChange: true };
}

/** True if the new file is probably used: the tree has other files of its kind, or a file names it. */
function hasEffect(tree: DeliveredTree, path: string, { name }: SetUpKind): boolean {
  if (name === 'make') return true;
  const fileName = path.slice(path.lastIndexOf('/') + 1);
  if (name === 'pipeline') return [...tree.after].some(([one, text]) => one !== path && text.includes(fileName));
  if (name === 'policy' && /ignore|\.nsprc$|\.snyk$|audit/.test(path)) return true;
  const added = new Set(tree.files.filter(({ status }) => status === 'added').map((one) => one.path));
  return tree.paths.some((one) => !added.has(one) && ownKind(tree, one)?.name === name);
}

function describeRows(rows: readonly Row[]): string {
  const shown = rows.slice(0, MAX_ROWS_SHOWN).map(({ text }) => JSON.stringify(text.slice(0, MAX_ROW_CHARS)));
  return `${shown.join(', ')}${rows.length > shown.length ? ` and ${rows.length - shown.length} more` : ''}`;
}
