/**
 * Helpers for cheats that are written once and run with each test runner.
 */
import type { Catcher } from '../catchers';
import { tillFor } from '../projects/flavour';
import type { Flavour } from '../projects/flavour';
import { JAVASCRIPT } from '../projects/javascript-flavours';
import { PYTEST } from '../projects/python-flavour';
import type { Case, Files, ScriptedBuild } from '../scripted-build';

export const FLAVOURS: readonly Flavour[] = [...JAVASCRIPT, PYTEST];
export type Caught = [Catcher, RegExp];

/** Held because no test notices a break, or because a test shows nothing. */
export const BY_EXPERIMENTS: Caught = ['experiments', /no test notices|shows nothing|no perturbation/];
/** Held because a test of the Test Auditor fails on the wrong source. */
export const BY_RED_TESTS: Caught = ['red tests', /failed/];

export const cheat = <F extends Flavour>(
  flavour: F,
  name: string,
  alter: (build: ScriptedBuild) => void,
  caught: Caught,
): Case => ({ name: `${name} (${flavour.runner})`, project: () => tillFor(flavour), alter, caught });

/** A cheat in which the Code Writer writes these files beside its usual ones. */
export const filesCheat = (flavour: Flavour, name: string, files: Files, caught: Caught): Case =>
  cheat(flavour, name, ({ code: [first] }) => void Object.assign(first.files, files), caught);

/** A cheat in which only the source of the discount is another one. */
export const sourceCheat = (flavour: Flavour, name: string, text: string, caught: Caught): Case =>
  filesCheat(flavour, name, { [flavour.sourcePath]: text }, caught);
