/**
 * Finds numbers and switches for which the change sets another value in a release profile than the profile that the tests read has:
 * production then differs from what was tested. Pure.
 */
import { groupBy } from '../../../domain/group-by';
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { changedPaths, isForTests } from '../tree';
import type { DeliveredTree } from '../tree';
import { additionalRows, headingOf, rowsOf } from './rows';
import type { Row } from './rows';

const FILE = /\.(?:properties|ya?ml|json|toml|ini|cfg|conf|env)$|(^|\/)\.env\.[\w.]+$/i;
const RELEASE_NAME = /(?:^|[-._])(?:prod|production|live|release)(?:$|[-._])/i;
const ROW_OPTIONS = { name: 'unit' } as const;
/** Names of settings that usually differ between environments: addresses, limits, sizes, log levels. */
const PER_ENVIRONMENT =
  /port|host|url|uri|addr|path|dir|timeout|ttl|expir|interval|delay|retr(?:y|ies)|pool|size|workers?|threads?|replicas?|instances|memory|cpu|cache|log|level|debug|verbose|trace|metrics|sampl|ssl|tls|https|secure|batch|concurren|poll|connections?|reload|watch|minify|source_?map|devtool|mock|profil|version/i;
const SWITCH_OR_NUMBER = /^(?:true|false|on|off|yes|no|enabled|disabled|-?\d{1,18}(?:\.\d{1,9})?)$/i;

const MAX_VALUES = 50;

interface Setting {
  key: string;
  value: string;
  row: Row;
}

export function findReleaseSettings(tree: DeliveredTree): DeliveredFact[] {
  const changed = changedPaths(tree).filter((path) => FILE.test(path) && !isForTests(path));
  if (changed.length === 0) return [];
  const places = groupBy(
    [...tree.after.keys()].filter((path) => FILE.test(path)),
    placeOf,
  );
  return changed.flatMap((path): DeliveredFact[] => {
    const others = counterparts(places, path);
    if (others.length === 0) return [];
    const rows = rowsOf(tree.after.get(path) ?? '', ROW_OPTIONS);
    const newRows = additionalRows(rows, rowsOf(tree.before.get(path) ?? '', ROW_OPTIONS));
    const settings = settingsIn(newRows, rows);
    for (const other of settings.length === 0 ? [] : others) {
      const otherRows = rowsOf(tree.after.get(other) ?? '', ROW_OPTIONS);
      const known = valuesOf(settingsIn(otherRows, otherRows));
      const found = settings.find(
        (one) =>
          isDifferent(one, known) && isReadByChange(tree, one.key, [path, other]) && !isInRequest(tree, one.value),
      );
      if (found === undefined) continue;
      const value = known.get(found.key)?.[0] ?? '';
      const what = `goes live with ${found.key} = ${found.value}, and ${other} says ${value}: the tests read only one of them; let both say the same, or name the number in the plan`;
      return [{ path, line: found.row.line, what, text: found.row.text, showsWholeChange: true }];
    }
    return [];
  });
}

/** Returns the folder of a settings file; for a file below `src/test/resources` the path that it stands for. */
function placeOf(path: string): string {
  return /src\/test\/resources\//.test(path) ? `for ${path.replace('src/test/', 'src/main/')}` : folderOf(path);
}

/** Returns the files that are read in its place: the default profile, or the same name below `src/test/resources`. */
function counterparts(places: ReadonlyMap<string, readonly string[]>, path: string): string[] {
  const [folder, name] = [folderOf(path), path.slice(path.lastIndexOf('/') + 1)];
  const ending = name.slice(name.lastIndexOf('.'));
  const isReleased = RELEASE_NAME.test(name.startsWith('.env') ? name : name.replace(/\.\w+$/, ''));
  const forTests = places.get(`for ${path}`) ?? [];
  if (!isReleased) return [...forTests];
  const beside = (places.get(folder) ?? []).filter((one) => {
    const own = one.slice(one.lastIndexOf('/') + 1);
    return (
      one !== path && (own.endsWith(ending) || own.startsWith('.env')) && !RELEASE_NAME.test(own.replace(/\.\w+$/, ''))
    );
  });
  return [...forTests, ...beside];
}

function settingsIn(rows: readonly Row[], all: readonly Row[]): Setting[] {
  return rows.flatMap((row): Setting[] => {
    const [, name, value] = /^([\w.-]{1,100}) ?[=:] ?(\S{1,40})$/.exec(row.text) ?? [];
    if (name === undefined || value === undefined || !SWITCH_OR_NUMBER.test(value) || PER_ENVIRONMENT.test(name))
      return [];
    const above: string[] = [];
    for (let at = headingOf(all, row); at !== undefined; at = headingOf(all, at))
      above.unshift(at.text.replace(/[:{ ]+$/, ''));
    if (above.some((one) => PER_ENVIRONMENT.test(one))) return [];
    return [{ key: [...above, name].filter(Boolean).join('.'), value, row }];
  });
}

/** Returns values by key; rows of one list share a key. */
function valuesOf(settings: readonly Setting[]): Map<string, string[]> {
  const groups = groupBy(settings, ({ key }) => key);
  return new Map([...groups].map(([key, group]) => [key, group.map(({ value }) => value)]));
}

function isDifferent({ key, value }: Setting, known: ReadonlyMap<string, readonly string[]>): boolean {
  const others = known.get(key)?.slice(0, MAX_VALUES) ?? [];
  return others.length > 0 && !others.some((one) => one.toLowerCase() === value.toLowerCase());
}

/** True if an added line of code or of a template mentions the key. */
function isReadByChange({ added }: DeliveredTree, key: string, exceptPaths: readonly string[]): boolean {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return added.some(
    ({ path, text }) =>
      !exceptPaths.includes(path) && !isForTests(path) && text.toLowerCase().includes(last.toLowerCase()),
  );
}

function isInRequest({ asked }: DeliveredTree, value: string): boolean {
  return /^-?\d/.test(value) && new RegExp(`(?<![\\d.])${value.replace('.', '\\.')}(?![\\d])`).test(asked?.text ?? '');
}
