/**
 * The repository shapes of `works-with` as honest builds: package managers, runners and layouts of many languages.
 */
import { answersOf } from '../../../works-with/answers';
import type { Shape } from '../../../works-with/shape';
import { SHAPES } from '../../../works-with/shapes';
import type { Case, ScriptedBuild } from '../scripted-build';

/** Shapes that are no cases: a file tree alone cannot hold them (git's own state), they are large, or they stop before a build. */
const LEFT_OUT_SHAPES =
  /submodule|LFS|latin-1|without a commit|empty repository|default branch|detached HEAD|5,000 files|70 packages|does nothing|git ignores|plug and play/;

/** The language by the file extension of the changed source. */
const LANGUAGES: Record<string, string> = {
  js: 'JavaScript',
  ts: 'TypeScript',
  vue: 'Vue',
  py: 'Python',
  go: 'Go',
  rs: 'Rust',
  java: 'Java',
  c: 'C',
  cpp: 'C++',
  html: 'HTML',
  mjs: 'JavaScript',
};
/** The runner, if the name of the shape names it; otherwise the files of the shape decide. */
const RUNNER_IN_NAME =
  /vitest|mocha|jasmine|jest|ava|uvu|bun|deno|playwright|unittest|Django|pytest|tox|nox|ctest|make|lerna|\btap\b/;

function languageOf({ work }: Shape): string {
  const ends = Object.keys(work.code).map((path) => path.slice(path.lastIndexOf('.') + 1));
  return ends.map((end) => LANGUAGES[end]).find((language) => language !== undefined) ?? 'other';
}

function runnerOf(shape: Shape): string {
  const language = languageOf(shape);
  if (language === 'Go') return 'go test';
  if (language === 'Rust') return 'cargo test';
  if (language === 'Java') return /Gradle/.test(shape.name) ? 'gradle' : 'maven';
  const named = RUNNER_IN_NAME.exec(shape.name)?.[0];
  const test = String(shape.base['package.json'] ?? '');
  if (named !== undefined) return named;
  if (language === 'Python') return 'pytest';
  return /"test": "jest"/.test(test) ? 'jest' : 'node:test';
}

function buildOf(shape: Shape): ScriptedBuild {
  const { discovery, planning, implementation, testing, verification, deployment } = answersOf(shape.work);
  const { tests_added: _, ...report } = testing;
  const base = Object.entries(shape.base).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return {
    ...{ runner: runnerOf(shape), language: languageOf(shape) },
    base: Object.fromEntries(base),
    request: {},
    ...{ discovery, planning, verification, deployment },
    code: [{ ...implementation, written: {}, files: shape.work.code }],
    audit: [{ ...report, tests: shape.work.tests }],
    ...{ external: {}, isApproved: false },
  };
}

export const HONEST_SHAPES: Case[] = SHAPES.filter(
  ({ name, expects, git }) => expects === undefined && git === undefined && !LEFT_OUT_SHAPES.test(name),
).map((shape) => ({
  name: `works with: ${shape.name}`,
  project: () => buildOf(shape),
  alter: () => undefined,
  tools: shape.tools ?? [],
}));
