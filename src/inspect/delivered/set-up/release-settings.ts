/**
 * Settings that only a release reads, or that only tests read, and in which the change writes another number or switch than in the
 * ones beside them: what is tested is not what goes live. Pure.
 */
import type { DeliveredFact } from '../../../domain/delivered';
import { folderOf } from '../../judges/resolve';
import { changedPaths, isForTests } from '../tree';
import type { DeliveredTree } from '../tree';
import { beyond, headingOf, rowsOf } from './rows';
import type { Row } from './rows';

const FILE = /\.(?:properties|ya?ml|json|toml|ini|cfg|conf|env)$|(^|\/)\.env\.[\w.]+$/i;
const OF_RELEASE = /(?:^|[-._])(?:prod|production|live|release)(?:$|[-._])/i;
const KIND = { name: 'unit' } as const;
/** Where, how long, how many and how loud: each place has its own. */
const OF_PLACE =
  /port|host|url|uri|addr|path|dir|timeout|ttl|expir|interval|delay|retr(?:y|ies)|pool|size|workers?|threads?|replicas?|instances|memory|cpu|cache|log|level|debug|verbose|trace|metrics|sampl|ssl|tls|https|secure|batch|concurren|poll|connections?|reload|watch|minify|source_?map|devtool|mock|profil|version/i;
const VALUE = /^(?:true|false|on|off|yes|no|enabled|disabled|-?\d{1,18}(?:\.\d{1,9})?)$/i;

const VALUES_ASKED = 50;

interface Setting {
  key: string;
  value: string;
  row: Row;
}

export function releaseSettings(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree).flatMap((path): DeliveredFact[] => {
    if (!FILE.test(path) || isForTests(path)) return [];
    const others = besides(tree, path);
    if (others.length === 0) return [];
    const rows = rowsOf(tree.after.get(path) ?? '', KIND);
    const fresh = beyond(rows, rowsOf(tree.before.get(path) ?? '', KIND));
    const settings = settingsIn(fresh, rows);
    for (const other of settings.length === 0 ? [] : others) {
      const theirs = rowsOf(tree.after.get(other) ?? '', KIND);
      const known = valuesOf(settingsIn(theirs, theirs));
      const found = settings.find(
        (one) => isOther(one, known) && isRead(tree, one.key, [path, other]) && !isAsked(tree, one.value),
      );
      if (found === undefined) continue;
      const value = known.get(found.key)?.[0] ?? '';
      const what = `goes live with ${found.key} = ${found.value}, and ${other} says ${value}: the tests read only one of them; let both say the same, or name the number in the plan`;
      return [{ path, line: found.row.line, what, text: found.row.text, isWhole: true }];
    }
    return [];
  });
}

/** Those that are read in its place: of another profile, or by its name among the resources of the tests. */
function besides({ after }: DeliveredTree, path: string): string[] {
  const [folder, name] = [folderOf(path), path.slice(path.lastIndexOf('/') + 1)];
  const ending = name.slice(name.lastIndexOf('.'));
  const isReleased = OF_RELEASE.test(name.startsWith('.env') ? name : name.replace(/\.\w+$/, ''));
  return [...after.keys()].filter((one) => {
    if (one === path || !FILE.test(one)) return false;
    const own = one.slice(one.lastIndexOf('/') + 1);
    if (/src\/test\/resources\//.test(one)) return one.replace('src/test/', 'src/main/') === path;
    return (
      isReleased &&
      folderOf(one) === folder &&
      (own.endsWith(ending) || own.startsWith('.env')) &&
      !OF_RELEASE.test(own.replace(/\.\w+$/, ''))
    );
  });
}

function settingsIn(rows: readonly Row[], all: readonly Row[]): Setting[] {
  return rows.flatMap((row): Setting[] => {
    const [, name, value] = /^([\w.-]{1,100}) ?[=:] ?(\S{1,40})$/.exec(row.text) ?? [];
    if (name === undefined || value === undefined || !VALUE.test(value) || OF_PLACE.test(name)) return [];
    const above: string[] = [];
    for (let at = headingOf(all, row); at !== undefined; at = headingOf(all, at))
      above.unshift(at.text.replace(/[:{ ]+$/, ''));
    if (above.some((one) => OF_PLACE.test(one))) return [];
    return [{ key: [...above, name].filter(Boolean).join('.'), value, row }];
  });
}

/** By key; rows of a list have the same one. */
function valuesOf(settings: readonly Setting[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { key, value } of settings) {
    const known = found.get(key);
    if (known === undefined) found.set(key, [value]);
    else known.push(value);
  }
  return found;
}

function isOther({ key, value }: Setting, known: ReadonlyMap<string, readonly string[]>): boolean {
  const others = known.get(key)?.slice(0, VALUES_ASKED) ?? [];
  return others.length > 0 && !others.some((one) => one.toLowerCase() === value.toLowerCase());
}

/** The changed code, or a text that is filled in, asks for it. */
function isRead({ added }: DeliveredTree, key: string, not: readonly string[]): boolean {
  const last = key.slice(key.lastIndexOf('.') + 1);
  return added.some(
    ({ path, text }) => !not.includes(path) && !isForTests(path) && text.toLowerCase().includes(last.toLowerCase()),
  );
}

function isAsked({ asked }: DeliveredTree, value: string): boolean {
  return /^-?\d/.test(value) && new RegExp(`(?<![\\d.])${value.replace('.', '\\.')}(?![\\d])`).test(asked?.text ?? '');
}
