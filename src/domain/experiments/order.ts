/**
 * Orders the units so that the most important breaks run first, since the budget may end early. Pure.
 *
 * The order is: the deciding break of each changed function, then its branches, then the rest, spread over all functions.
 */
import type { Unit } from './units';

/** Execution counts by path and line, from the project's coverage tool; lines without a count are unknown. */
type LineCounts = Readonly<Record<string, Readonly<Record<number, number>>>>;

/** True if the coverage tool reports that no test runs the line: then no test can notice a break in it. */
export function isUnrun({ path, line }: Pick<Unit, 'path' | 'line'>, counts: LineCounts | null): boolean {
  return counts?.[path]?.[line] === 0;
}

/** The identity of the function that contains a unit. */
export function ownerKeyOf({ path, owner }: Pick<Unit, 'path' | 'owner'>): string {
  return owner === null ? `${path}\n` : `${path}\n${owner.line}\n${owner.name}`;
}

/** Rank by the kind of break: the kinds that tests of results notice come first. `function` means that the function throws. */
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

/** True for a unit that is a finding without any other unit. */
const decidesAlone = ({ mark }: Unit): boolean => mark === 'guard' || mark === 'outside';
const COMPUTES: ReadonlySet<Unit['kind']> = new Set(['constant', 'condition', 'operator', 'value']);

/** True for code at the top level of a file that computes something. Texts and calls only put the parts of a program together. */
export const computesAtTopLevel = ({ kind, mark, owner }: Unit): boolean =>
  owner === null && COMPUTES.has(kind) && (mark === undefined || mark === 'data');

export function orderUnits(units: readonly Unit[]): Unit[] {
  const countsByOwner = new Map<string, number>();
  const pathsWithDecidingBreak = new Set<string>();
  const ranked = [...units]
    .sort((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.line - b.line)
    .map((unit) => {
      const key = ownerKeyOf(unit);
      const turn = countsByOwner.get(key) ?? 0;
      countsByOwner.set(key, turn + 1);
      // Top-level code belongs to no function, but its first computing break decides on the file.
      if (decidesAlone(unit)) return { unit, turn: 0 };
      if (computesAtTopLevel(unit) && !pathsWithDecidingBreak.has(unit.path)) {
        pathsWithDecidingBreak.add(unit.path);
        return { unit, turn: 0 };
      }
      return { unit, turn: unit.owner === null ? turn + 2 : turn };
    });
  return ranked.sort((a, b) => a.turn - b.turn).map(({ unit }) => unit);
}
