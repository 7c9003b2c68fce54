/**
 * Type check and build, where the project has them: on a clean checkout of the commit, in the sandbox.
 */
import { readPackageJson } from '../../../inspect/manifests/package-json';
import type { CheckFact } from '../../../domain/gates/facts';
import type { Deps } from '../../deps';
import type { StoredRequest } from '../../context';
import type { Change } from './change';
import { measure } from './measure-check';
import { checkSyntax } from './syntax';

/** The compiler of the project itself: another version would find other things. */
const COMPILER = 'node_modules/typescript/bin/tsc';
const FINDINGS_LIMIT = 20;

export async function runChecks(deps: Deps, change: Change, commands: StoredRequest['commands']): Promise<CheckFact[]> {
  const syntax = await checkSyntax(deps, change);
  const types = await checkTypes(deps, change);
  const build =
    commands?.build === undefined
      ? []
      : [await runOnCheckout(deps, change, { kind: 'build', command: commands.build })];
  return [syntax, ...types, ...build];
}

async function checkTypes(deps: Deps, change: Change): Promise<CheckFact[]> {
  const { paths, after } = change;
  const manifest = readPackageJson(after.get('package.json') ?? '{}');
  if (!paths.includes('tsconfig.json') || !manifest?.declared.has('typescript')) return [];
  if (!paths.includes(COMPILER)) {
    const notRun =
      'the project declares typescript, but its packages are not installed in the tree; name a commands.build that checks types';
    return [{ kind: 'types', run: null, notRun }];
  }
  const command = ['node', COMPILER, '--noEmit', '--pretty', 'false', '-p', '.'];
  return [await runOnCheckout(deps, change, { kind: 'types', command })];
}

async function runOnCheckout(
  deps: Deps,
  { repo, commit }: Change,
  { kind, command }: { kind: 'types' | 'build'; command: string[] },
): Promise<CheckFact> {
  const fill = (folder: string) => deps.workspace.checkout({ ...repo, commit }, folder);
  const { run, output } = await measure(deps, { commit, command, timeoutMs: deps.testTimeoutMs, fill });
  return { kind, run, findings: run.exitCode === 0 ? [] : compilerErrors(output) };
}

/** `src/a.ts(3,5): error TS2322: ...`; what another tool prints is in the log that the evidence names. */
function compilerErrors(output: string): string[] {
  const errors = [...output.matchAll(/^(\S+)\((\d+),\d+\): error (TS\d+: .*)$/gm)];
  return errors.slice(0, FINDINGS_LIMIT).map(([, path, line, error]) => `${path}:${line}: ${error}`);
}
