/**
 * The list of the test runners, and what follows from it.
 *
 * One file and one line here for each runner, and a file in `sentinel/` that watches it.
 */
import type { TestConventions } from '../../domain/files';
import type { Dialect } from '../../inspect/test-output/dialect';
import { OTHER_DIALECTS } from '../../inspect/test-output/other-dialects';
import { createGeneric } from './generic';
import { jestRunner } from './jest';
import { mochaRunner } from './mocha';
import { nodeTestRunner } from './node-test';
import { pytestRunner } from './pytest';
import type { KnownRunner, Runner } from './runner';
import { vitestRunner } from './vitest';

/** In the order in which their dialects are tried. */
export const RUNNERS = [
  nodeTestRunner,
  jestRunner,
  vitestRunner,
  mochaRunner,
  pytestRunner,
] as const satisfies readonly KnownRunner[];

const KNOWN: readonly KnownRunner[] = RUNNERS;

/** Ways of printing test results, in the order in which they are tried. */
export const DIALECTS: readonly Dialect[] = [...KNOWN.flatMap(({ dialect }) => dialect ?? []), ...OTHER_DIALECTS];

/** Runs every command that means none of the list. */
export const GENERIC = createGeneric(DIALECTS);

const ALL: readonly Runner[] = [...RUNNERS, GENERIC];
const SETTINGS = ALL.flatMap(({ settings }) => settings);

export const CONVENTIONS: TestConventions = {
  protects: (path) => SETTINGS.some((pattern) => pattern.test(path)),
  manifestKeys: ALL.flatMap(({ manifestKeys }) => manifestKeys),
  counted: [...new Set(ALL.flatMap(({ counted }) => counted ?? []))],
};

/** Python modules that tests may import though no manifest declares them. */
export const RUNNER_PACKAGES = ALL.flatMap(({ packages }) => packages);

export function runnerOf(name: string): Runner {
  const runner = ALL.find((one) => one.name === name);
  if (runner === undefined) throw new Error(`no test runner is named ${name}`);
  return runner;
}
