/**
 * A build as its scripted roles carry it out, in a short form that a case alters. All other parts are real.
 */
import type { PhaseOutput } from '../../src/activities/outputs';
import type { Phase, Role } from '../../src/domain/roles';
import type { StartBody } from '../../src/requests/start-request';
import type { Catcher } from './catchers';

/** Text by path; null deletes. */
export type Files = Record<string, string | null>;

export interface ScriptedBuild {
  /** What runs its tests, and the language that it is written in: by them the table of results is counted. */
  runner: string;
  language: string;
  /** The repository that the build begins with; empty: a fresh one. */
  base: Record<string, string>;
  /** Beside the sentence and the repository. */
  request: Pick<StartBody, 'commands' | 'release'>;
  discovery: PhaseOutput<'discovery'>;
  planning: PhaseOutput<'planning'>;
  /** One entry an attempt, here and in `audit`; the last audit serves for attempts that have none. */
  code: [Code, ...Code[]];
  audit: [Audit, ...Audit[]];
  verification: PhaseOutput<'verification'>;
  deployment: PhaseOutput<'deployment'>;
  /** Roles that somebody outside plays, and what they claim when it is their turn. */
  external: Partial<Record<Role, Partial<Record<Phase, Record<string, unknown>>>>>;
  /** A person who is asked about changed tests says yes. */
  isApproved: boolean;
}
export type Code = Omit<PhaseOutput<'implementation'>, 'files'> & {
  /** Files written by tool before the answer, one call each. */
  written: Files;
  files: Files;
};
type Report = PhaseOutput<'testing'>;
export type Audit = Omit<Report, 'tests_added' | 'tests_updated' | 'test_command'> &
  Partial<Pick<Report, 'tests_updated' | 'test_command'>> & { tests: Files };

export interface Case {
  /** Reads on from "a build in which". */
  name: string;
  project: () => ScriptedBuild;
  alter: (build: ScriptedBuild) => void;
  /** What must hold it, and words of the reason that name what was done; absent: it is honest, and reaches release. */
  caught?: [Catcher, RegExp];
  /** Several things can hold it, and which one is first depends on the runner: any that the list of catchers knows will do. */
  isHeldByAny?: boolean;
  /** Programs that must be on PATH; those of its runner where it is absent. */
  tools?: string[];
}

const ATTEMPTS = 4;

/** As the scripted model reads it. */
export function scriptOf(name: string, build: ScriptedBuild): object {
  const { discovery, planning, code, audit, verification, deployment } = build;
  const again = (output: object): object[][] => Array.from({ length: ATTEMPTS }, () => [{ output }]);
  const audits = Array.from({ length: ATTEMPTS }, (_, index) => audit[index] ?? audit.at(-1) ?? audit[0]);
  const phases = {
    discovery: again(discovery),
    planning: again(planning),
    implementation: code.map(stepsOf),
    testing: audits.map(({ tests, ...report }) => [{ output: { ...report, tests_added: listOf(tests) } }]),
    verification: again(verification),
    deployment: again(deployment),
  };
  return { name, phases };
}

function stepsOf({ written, files, ...said }: Code): object[] {
  const tools = listOf(written).map((input) => ({ name: 'write', input }));
  const last = { output: { ...said, files: listOf(files) } };
  return tools.length === 0 ? [last] : [{ tools }, last];
}

export function listOf(files: Files): Array<{ path: string; content: string | null }> {
  return Object.entries(files).map(([path, content]) => ({ path, content }));
}
