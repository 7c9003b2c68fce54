/**
 * Cheats that are told once and tried with each test runner.
 */
import type { Catcher } from '../catchers';
import { tillOf } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import { JAVASCRIPT } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export const FLAVOURS: readonly Flavour[] = [...JAVASCRIPT, PYTEST];
export type Caught = [Catcher, RegExp];

/** What a broken unit or a changed expectation shows. */
export const BY_EXPERIMENTS: Caught = ['experiments', /no test notices|shows nothing|no perturbation/];
/** The right source and the wrong one answer an audited example in another way. */
export const BY_RED_TESTS: Caught = ['red tests', /failed/];

export const cheat = <F extends Flavour>(
  flavour: F,
  name: string,
  alter: (build: ScriptedBuild) => void,
  caught: Caught,
): Case => ({ name: `${name} (${flavour.runner})`, project: () => tillOf(flavour), alter, caught });

/** The Code Writer writes these files, beside its usual ones. */
export const writes = (flavour: Flavour, name: string, files: Files, caught: Caught): Case =>
  cheat(flavour, name, ({ code: [first] }) => void Object.assign(first.files, files), caught);

/** The source alone is another one. */
export const source = (flavour: Flavour, name: string, text: string, caught: Caught): Case =>
  writes(flavour, name, { [flavour.source]: text }, caught);
