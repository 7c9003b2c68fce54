/**
 * What a change imports without a declaration, and the packages that it adds or moves. Plain data in and out. Pure.
 */
import type { ImportFact } from '../../domain/packages/facts';
import type { ChangeTexts } from '../dependencies/change-texts';
import { npmPackages } from '../dependencies/npm-packages';
import type { FoundPackages } from '../dependencies/packages';
import { pythonPackages } from '../dependencies/python-packages';
import { undeclaredImports } from '../dependencies/undeclared-imports';

type Texts = Omit<ChangeTexts, 'added'>;

export interface ImportsOrder extends Texts {
  /** Numbers of added lines by path, and whether all are known. */
  added: { rows: ReadonlyMap<string, readonly number[]>; isWhole: boolean };
  /** Modules of Python that are there without a declaration. */
  given: readonly string[];
}

export function importsIn({ added, given, ...texts }: ImportsOrder): ImportFact[] {
  const lines = [...added.rows].flatMap(([path, rows]) => rows.map((line) => ({ path, line })));
  return undeclaredImports({ ...texts, added: { lines, isWhole: added.isWhole } }, given);
}

/** Of every ecosystem whose registry is asked. */
export function packagesIn(texts: Texts): FoundPackages {
  const change = { ...texts, added: { lines: [], isWhole: true } };
  const [npm, python] = [npmPackages(change), pythonPackages(change)];
  return { packages: [...npm.packages, ...python.packages], unreadable: [...npm.unreadable, ...python.unreadable] };
}
