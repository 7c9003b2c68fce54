/**
 * Lists the supported test runners, and derives the conventions for test files from that list.
 *
 * Each runner has one file, one line here, and a file in `reporters/` if it can load a reporter.
 */
import type { TestConventions } from '../../domain/files';
import type { Dialect } from '../../inspect/test-output/dialect';
import { avaRunner } from './ava';
import { bunRunner } from './bun';
import { cargoRunner, nextestRunner } from './cargo';
import { dotnetRunner, googleTestRunner, minitestRunner, phpunitRunner, rspecRunner } from './other-languages';
import { ctestRunner } from './ctest';
import { denoRunner } from './deno';
import { goRunner } from './go';
import { jasmineRunner } from './jasmine';
import { jestRunner } from './jest';
import { gradleRunner, mavenRunner } from './jvm';
import { mochaRunner } from './mocha';
import { nodeTestRunner } from './node-test';
import { playwrightRunner } from './playwright';
import { pytestRunner } from './pytest';
import type { Runner } from './runner';
import { tapRunner } from './tap';
import { unittestRunner } from './unittest';
import { uvuRunner } from './uvu';
import { vitestRunner } from './vitest';

export const RUNNERS: readonly Runner[] = [
  ...[nodeTestRunner, jestRunner, vitestRunner, mochaRunner, avaRunner, tapRunner, uvuRunner, playwrightRunner],
  ...[jasmineRunner, bunRunner, denoRunner, pytestRunner, unittestRunner, goRunner, cargoRunner, nextestRunner],
  ...[ctestRunner, mavenRunner, gradleRunner, dotnetRunner, rspecRunner, minitestRunner, phpunitRunner],
  googleTestRunner,
];

/** Parsers for the output of the runners. */
export const DIALECTS: readonly Dialect[] = RUNNERS.flatMap(({ dialect }) => dialect ?? []);

const SETTINGS_PATTERNS = RUNNERS.flatMap(({ settings = [] }) => settings);

export const CONVENTIONS: TestConventions = {
  protects: (path) => SETTINGS_PATTERNS.some((pattern) => pattern.test(path)),
  manifestKeys: RUNNERS.flatMap(({ manifestKeys = [] }) => manifestKeys),
  measuredFiles: RUNNERS.flatMap(({ measuredFiles }) => measuredFiles ?? []),
};

/** Python modules that tests may import though no manifest declares them. */
export const RUNNER_PACKAGES: readonly string[] = RUNNERS.flatMap(({ packages = [] }) => packages);
