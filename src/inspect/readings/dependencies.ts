/**
 * Reads the undeclared imports of a change, and the packages that it adds or updates. Takes and returns plain data. Pure.
 */
import type { ImportFact } from '../../domain/packages/facts';
import type { ChangeTexts } from '../dependencies/change-texts';
import { npmPackages } from '../dependencies/npm-packages';
import type { FoundPackages } from '../dependencies/packages';
import { pythonPackages } from '../dependencies/python-packages';
import { undeclaredImports } from '../dependencies/undeclared-imports';

/** The changed texts without the list of added lines. */
type Texts = Omit<ChangeTexts, 'added'>;

export interface ImportsOrder extends Texts {
  /** The numbers of the added lines by path, and whether the list of added lines is complete. */
  added: { rows: ReadonlyMap<string, readonly number[]>; isWhole: boolean };
  /** Python modules that may be imported without a declaration. */
  given: readonly string[];
}

export function importsIn({ added, given, ...texts }: ImportsOrder): ImportFact[] {
  const lines = [...added.rows].flatMap(([path, rows]) => rows.map((line) => ({ path, line })));
  return undeclaredImports({ ...texts, added: { lines, isWhole: added.isWhole } }, given);
}

/** Finds the packages that a change adds or updates, in every ecosystem whose registry the orchestrator queries. */
export function packagesIn(texts: Texts): FoundPackages {
  const change = { ...texts, added: { lines: [], isWhole: true } };
  const [npm, python] = [npmPackages(change), pythonPackages(change)];
  return { packages: [...npm.packages, ...python.packages], unreadable: [...npm.unreadable, ...python.unreadable] };
}
