/**
 * Finds the units and perturbations of a text, and shows the text after one of them is applied.
 */
import { perturbationsOf } from '../../../src/inspect/units/perturbations-of';
import { unitsOf } from '../../../src/inspect/units/units-of';
import { applyEdit } from '../../../src/domain/experiments/units';
import type { ChangedFile, Edit, PerturbationsOfFile, UnitsOfFile } from '../../../src/domain/experiments/units';

/** A changed file. Without `changed`, all lines count as changed. */
export function fileOf(path: string, after: string, changed?: number[]): ChangedFile {
  const all = after.split('\n').map((_line, index) => index + 1);
  return { path, after, changed: new Set(changed ?? all), removed: [] };
}

export function unitsIn(path: string, after: string, changed?: number[]): Promise<UnitsOfFile> {
  return unitsOf(fileOf(path, after, changed));
}

export function perturb(path: string, text: string, changed?: number[]): Promise<PerturbationsOfFile> {
  return perturbationsOf(fileOf(path, text, changed));
}

/** Each unit as its kind and the text that says what is broken. */
export function saysOfUnits({ units }: UnitsOfFile): string[] {
  return units.map(({ kind, says }) => `${kind} ${says}`);
}

/** The text after the first edit whose description contains `says`. */
export function textAfter(text: string, edits: ReadonlyArray<{ says: string; edit: Edit }>, says: string): string {
  const unit = edits.find((one) => one.says.includes(says));
  if (unit === undefined) throw new Error(`nothing says "${says}" of: ${edits.map((one) => one.says).join(' | ')}`);
  return applyEdit(text, unit.edit);
}
