/**
 * Finds new migrations whose number is not above that of the latest one. A fresh database runs such a migration; a production
 * database has passed its number and never runs it. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { groupBy } from '../../domain/group-by';
import { folderOf } from '../judges/resolve';
import type { DeliveredTree } from './tree';

const MIGRATIONS_FOLDER = /(^|\/)(?:migrations?|migrate|changelogs?|db\/versions|alembic\/versions)(?:\/|$)/i;
/** The number at the beginning of `0003_sales.sql`, `V2__sales.sql`, `20240101120000-sales.js`. */
const FILE_NUMBER = /^[Vv]?(\d{1,17})(?:[_.-]|$)/;

export function findPassedMigrations({ files, paths }: DeliveredTree): DeliveredFact[] {
  const added = new Set(files.filter((one) => one.status === 'added').map((one) => one.path));
  const migrations = [...added].flatMap((path) => {
    const number = numberOf(path);
    return number === undefined ? [] : [{ path, number }];
  });
  if (migrations.length === 0) return [];
  const oldByFolder = groupBy(
    paths.filter((path) => !added.has(path)),
    folderOf,
  );
  return migrations.flatMap(({ path, number }): DeliveredFact[] => {
    const old = oldByFolder.get(folderOf(path)) ?? [];
    const later = old.find((one) => (numberOf(one) ?? -1n) >= number && isSameKind(one, path));
    if (later === undefined) return [];
    const what = `comes before or beside ${later} by its number: databases in use have passed it and never get it`;
    return [{ path, line: null, what, text: '' }];
  });
}

function numberOf(path: string): bigint | undefined {
  if (!MIGRATIONS_FOLDER.test(folderOf(path))) return undefined;
  const [, digits] = FILE_NUMBER.exec(nameOf(path)) ?? [];
  return digits === undefined ? undefined : BigInt(digits);
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/**
 * True for files with equal endings: `0003_sales.up.sql` and `0003_sales.down.sql` belong to one migration and do not
 * compete.
 */
function isSameKind(one: string, other: string): boolean {
  const ending = (path: string): string => nameOf(path).split('.').slice(1).join('.');
  return ending(one) === ending(other);
}
