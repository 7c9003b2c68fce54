/**
 * In which order units are broken, so that a budget that ends early has asked the most important ones. Pure.
 *
 * First what decides on each changed function, then its branches, then the rest, spread over all functions.
 */
import type { Unit } from './units';

/** Executed counts by path and line, as the project's own tool tells them; a line that it does not name is not known. */
type LineCounts = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** True where the project's own tool says that no test runs the line: no test can notice what is broken there. */
export function isUnrun({ path, line }: Pick<Unit, 'path' | 'line'>, counts: LineCounts | null): boolean {
  return counts?.[path]?.[line] === 0;
}

/** What makes a function of a file. */
export function ownerKeyOf({ path, owner }: Pick<Unit, 'path' | 'owner'>): string {
  return owner === null ? `${path}\n` : `${path}\n${owner.line}\n${owner.name}`;
}

/** The kinds of break that a test of results notices; `function` stands for "throws". */
const RANKS: Record<Unit['kind'], number> = {
  value: 0,
  branch: 1,
  function: 2,
  condition: 3,
  constant: 4,
  operator: 4,
  statement: 4,
  hunk: 4,
};

/** Accuses without any other unit. */
const isAlone = ({ mark }: Unit): boolean => mark === 'guard' || mark === 'outside';
const COMPUTES: ReadonlySet<Unit['kind']> = new Set(['constant', 'condition', 'operator', 'value']);

/** Something at the top level of a file that computes; texts and calls alone are how the parts of a program are put together. */
export const isTelling = ({ kind, mark, owner }: Unit): boolean =>
  owner === null && COMPUTES.has(kind) && (mark === undefined || mark === 'data');

export function orderUnits(units: readonly Unit[]): Unit[] {
  const seen = new Map<string, number>();
  const decided = new Set<string>();
  const ranked = [...units]
    .sort((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.line - b.line)
    .map((unit) => {
      const key = ownerKeyOf(unit);
      const turn = seen.get(key) ?? 0;
      seen.set(key, turn + 1);
      // The top level of a file has no function to decide on, but the first break decides on the file.
      if (isAlone(unit)) return { unit, turn: 0 };
      if (isTelling(unit) && !decided.has(unit.path)) {
        decided.add(unit.path);
        return { unit, turn: 0 };
      }
      return { unit, turn: unit.owner === null ? turn + 2 : turn };
    });
  return ranked.sort((a, b) => a.turn - b.turn).map(({ unit }) => unit);
}
