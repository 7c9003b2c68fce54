/**
 * Runs the syntax check, the project's type check and its build on the commit, in the sandbox.
 */
import { Context } from '@temporalio/activity';
import { readPackageJson } from '../../../inspect/manifests/package-json';
import { Failure } from '../../../domain/failures';
import type { CheckFact } from '../../../domain/gates/facts';
import type { PreparedCheckout, ProjectOverrides } from '../../../ports/checkouts';
import type { Deps } from '../../deps';
import { overridesOf } from '../../../requests/start-request';
import type { StartRequest } from '../../../requests/start-request';
import type { Change } from './change';
import { findChangedByBuild, describeChanged } from './changed-by-build';
import { measureOnCheckout } from './measure-check';
import { checkSyntax } from './syntax';

/** The project's own compiler; another version could find other errors. */
const COMPILER = 'node_modules/typescript/bin/tsc';
const MAX_FINDINGS = 20;

type RequestCommands = Pick<StartRequest, 'commands' | 'workdir'>;

export async function runChecks(deps: Deps, change: Change, request: RequestCommands): Promise<CheckFact[]> {
  const overrides = overridesOf(request);
  const syntax = await checkSyntax(deps, change);
  const types = await checkTypes(deps, change, overrides);
  const command = request.commands?.build;
  const build = command === undefined ? [] : [await runBuild(deps, change, { overrides, command })];
  return [syntax, ...types, ...build];
}

async function checkTypes(deps: Deps, change: Change, overrides: ProjectOverrides): Promise<CheckFact[]> {
  const { repo, commit, paths, after } = change;
  const { workdir } = await deps.checkouts.look({ ...repo, commit }, overrides);
  const prefix = workdir === '' ? '' : `${workdir}/`;
  const manifest = readPackageJson(after.get(`${prefix}package.json`) ?? '{}');
  if (!paths.includes(`${prefix}tsconfig.json`) || !manifest?.declared.has('typescript')) return [];
  try {
    return [await checkAgainstBase(deps, change, overrides)];
  } catch (error) {
    if (!(error instanceof Failure) || !error.type.startsWith('Environment.')) throw error;
    return [
      { kind: 'types', run: null, notRun: `its packages could not be installed: ${error.message.split('\n')[0]}` },
    ];
  }
}

/** Runs the type check and removes errors that the base has too. */
async function checkAgainstBase(deps: Deps, change: Change, overrides: ProjectOverrides): Promise<CheckFact> {
  const check = await runTypeCheck(deps, change, overrides);
  if (check.run === null || check.run.exitCode === 0 || check.run.timedOut) return check;
  const base = await runTypeCheck(deps, { ...change, commit: change.base }, overrides);
  if (base.run === null || base.run.exitCode === 0 || base.run.timedOut) return check;
  const known = new Set(base.findings.map(withoutLine));
  const newFindings = check.findings.filter((finding) => !known.has(withoutLine(finding)));
  if (newFindings.length > 0) return { ...check, findings: newFindings };
  return {
    kind: 'types',
    run: null,
    notRun: `the base commit does not pass it either (${base.findings.length} errors)`,
  };
}

function runTypeCheck(deps: Deps, change: Change, overrides: ProjectOverrides): Promise<CheckFact> {
  const command = ['node', COMPILER, '--noEmit', '--pretty', 'false', '-p', '.'];
  return withCheckout(deps, { change, overrides }, async (checkout): Promise<CheckFact> => {
    if (!(await checkout.has(COMPILER))) {
      const notRun = 'the project declares typescript, but it is not among the installed packages';
      return { kind: 'types', run: null, notRun };
    }
    return runCheck(deps, change, { kind: 'types', command, checkout });
  });
}

function runBuild(
  deps: Deps,
  change: Change,
  { overrides, command }: { overrides: ProjectOverrides; command: string[] },
): Promise<CheckFact> {
  const { repo, base, commit } = change;
  return withCheckout(deps, { change, overrides }, async (checkout) => {
    const check = await runCheck(deps, change, { kind: 'build', command, checkout });
    if (check.run === null || check.run.exitCode !== 0) return check;
    const { folder } = checkout;
    const changed = await findChangedByBuild(deps, { at: { ...repo, commit }, base, overrides, command, folder });
    return changed.length === 0 ? check : { ...check, findings: [describeChanged(changed)] };
  });
}

function withCheckout<T>(
  deps: Deps,
  { change, overrides }: { change: Change; overrides: ProjectOverrides },
  use: (checkout: PreparedCheckout) => Promise<T>,
): Promise<T> {
  const { repo, base, commit } = change;
  const signal = Context.current().cancellationSignal;
  return deps.checkouts.with({ at: { ...repo, commit }, base, overrides, signal }, use);
}

async function runCheck(
  deps: Deps,
  { commit }: Change,
  { kind, command, checkout }: { kind: 'types' | 'build'; command: string[]; checkout: PreparedCheckout },
): Promise<CheckFact> {
  const { run, output } = await measureOnCheckout(deps, { commit, command, timeoutMs: deps.testTimeoutMs }, checkout);
  return { kind, run, findings: run.exitCode === 0 ? [] : compilerErrors(output) };
}

/** Reads lines such as `src/a.ts(3,5): error TS2322: ...`. All other output is in the log that the evidence names. */
function compilerErrors(output: string): string[] {
  const errors = [...output.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+: .*)$/gm)];
  return errors.slice(0, MAX_FINDINGS).map(([, path, line, error]) => `${path}:${line}: ${error}`);
}

function withoutLine(finding: string): string {
  return finding.replace(/:\d+: /, ': ');
}
