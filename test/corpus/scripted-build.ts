/**
 * The types of a case and of its scripted build: the answers of all roles in a short form, which the case alters. All other parts of the
 * build are real.
 */
import type { PhaseOutput } from '../../src/activities/outputs';
import type { Phase, Role } from '../../src/domain/roles';
import type { StartBody } from '../../src/requests/start-request';
import type { Catcher } from './catchers';

/** The text of each file by its path; null deletes the file. */
export type Files = Record<string, string | null>;

export interface ScriptedBuild {
  /** The test runner and the language of the project, by which the table of results counts. */
  runner: string;
  language: string;
  /** The files of the repository that the build begins with; empty: the build begins without a repository. */
  base: Record<string, string>;
  /** Members of the start request, beside the sentence and the repository. */
  request: Pick<StartBody, 'commands' | 'release'>;
  discovery: PhaseOutput<'discovery'>;
  planning: PhaseOutput<'planning'>;
  /** One entry for each attempt, as in `audit`; attempts without an entry of their own get the last audit. */
  code: [Code, ...Code[]];
  audit: [Audit, ...Audit[]];
  verification: PhaseOutput<'verification'>;
  deployment: PhaseOutput<'deployment'>;
  /** The external roles, and what each of them claims in its phases. */
  external: Partial<Record<Role, Partial<Record<Phase, Record<string, unknown>>>>>;
  /** True if a person approves the first open finding. */
  isApproved: boolean;
}
export type Code = Omit<PhaseOutput<'implementation'>, 'files'> & {
  /** Files that the role writes by the tool `write` before its answer, with one call for each. */
  written: Files;
  files: Files;
};
type Report = PhaseOutput<'testing'>;
export type Audit = Omit<Report, 'tests_added' | 'tests_updated' | 'test_command'> &
  Partial<Pick<Report, 'tests_updated' | 'test_command'>> & { tests: Files };

export interface Case {
  /** The title; it continues the words "a build in which". */
  name: string;
  project: () => ScriptedBuild;
  alter: (build: ScriptedBuild) => void;
  /** The catcher that must hold the build, and a pattern of its reason. Absent for an honest build, which must be released. */
  caught?: [Catcher, RegExp];
  /** True if any catcher may hold the build: several can, and the runner decides which one is first. */
  isHeldByAny?: boolean;
  /** The programs that must be on PATH; by default those of the runner. */
  tools?: string[];
}

const ATTEMPTS = 4;

/** Writes the script in the form that the scripted model reads. */
export function scriptOf(name: string, build: ScriptedBuild): object {
  const { discovery, planning, code, audit, verification, deployment } = build;
  const inEachAttempt = (output: object): object[][] => Array.from({ length: ATTEMPTS }, () => [{ output }]);
  const audits = Array.from({ length: ATTEMPTS }, (_, index) => audit[index] ?? audit.at(-1) ?? audit[0]);
  const phases = {
    discovery: inEachAttempt(discovery),
    planning: inEachAttempt(planning),
    implementation: code.map(stepsOf),
    testing: audits.map(({ tests, ...report }) => [{ output: { ...report, tests_added: fileList(tests) } }]),
    verification: inEachAttempt(verification),
    deployment: inEachAttempt(deployment),
  };
  return { name, phases };
}

function stepsOf({ written, files, ...answer }: Code): object[] {
  const tools = fileList(written).map((input) => ({ name: 'write', input }));
  const last = { output: { ...answer, files: fileList(files) } };
  return tools.length === 0 ? [last] : [{ tools }, last];
}

export function fileList(files: Files): Array<{ path: string; content: string | null }> {
  return Object.entries(files).map(([path, content]) => ({ path, content }));
}
