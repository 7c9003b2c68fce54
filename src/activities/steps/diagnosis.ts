/**
 * Measures the signs that a build does not get on: from the commit, the evidence and the objections of an attempt.
 *
 * Nothing of it is a claim of a role. A digest is equal for equal work, whatever the role says about it.
 */
import { canonicalJson } from '../../domain/canonical';
import type { Outcome, Worked } from '../../domain/build/outcome';
import type { Evidence } from '../../domain/evidence/evidence';
import { readReport } from '../../domain/experiments/report';
import { Failure } from '../../domain/failures';
import { PHASE_OWNER, ROLES } from '../../domain/roles';
import type { StrongerModel } from '../../domain/stuck/ladder';
import type { Sign, SignKind } from '../../domain/stuck/signs';
import { sha256 } from '../../inspect/digest';
import type { RoleModel } from '../../ports/model';
import type { Prices } from '../../ports/prices';
import type { StepTask } from '../contract';
import type { Deps } from '../deps';
import { loadJson } from '../load-request';

const SHOWN_NAMES = 5;

/** Wraps a phase: its last outcome, and the failure of an attempt that repeated itself, have the signs and the stronger models. */
export function withSigns<Rest extends unknown[]>(
  deps: Deps,
  run: (task: StepTask, ...rest: Rest) => Promise<Outcome>,
): (task: StepTask, ...rest: Rest) => Promise<Outcome> {
  return async (task, ...rest) => {
    if (task.stuck === undefined) return run(task, ...rest);
    const stronger = strongerModels(deps);
    try {
      const outcome = await run(task, ...rest);
      if (outcome.kind !== 'worked') return outcome;
      return { ...outcome, measured: { signs: await signsOf(deps, task, outcome), stronger } };
    } catch (error) {
      if (!(error instanceof Failure) || error.measured === undefined) throw error;
      throw error.with({ measured: { ...error.measured, stronger } });
    }
  };
}

/** The model of the task's role: the stronger one where the build's ladder says so and the worker has it. */
export function modelOf(
  deps: Pick<Deps, 'modelFor' | 'strongerModelFor'>,
  task: Pick<StepTask, 'phase' | 'stuck'>,
): RoleModel {
  const role = PHASE_OWNER[task.phase];
  const stronger = task.stuck?.isStronger === true ? deps.strongerModelFor?.(role) : undefined;
  return stronger ?? deps.modelFor(role);
}

/** Gives the number of models in the role's fallback chain. */
export function linksOf(deps: Parameters<typeof modelOf>[0], task: Parameters<typeof modelOf>[1]): number {
  return modelOf(deps, task).links ?? 1;
}

function strongerModels({ modelFor, strongerModelFor, prices }: Deps): StrongerModel[] {
  return ROLES.flatMap((role) => {
    const stronger = strongerModelFor?.(role);
    if (stronger === undefined) return [];
    const [own, most] = [pricesOf(prices, modelFor(role)), pricesOf(prices, stronger)];
    const cheapest = Math.min(...own.filter((price) => price > 0));
    return [{ role, ...(Number.isFinite(cheapest) ? { priceRatio: Math.max(...most) / cheapest } : {}) }];
  });
}

/** A call with much more input than output, as those of roles are. */
const USUAL_CALL = { input: 100_000, output: 10_000 };

/** The price of a usual call to each model of the chain, in micro-dollars. */
function pricesOf(prices: Prices, { id }: RoleModel): number[] {
  return id.split(',').map((model) => prices.mostOf(model, USUAL_CALL, new Date()));
}

async function signsOf(deps: Deps, task: StepTask, worked: Worked): Promise<Sign[]> {
  const { evidence, objections } = worked;
  return [
    ...(await treeSign(deps, task, worked)),
    ...(evidence == null ? [] : failingSign(evidence)),
    ...(evidence == null ? [] : await survivorSign(deps, evidence)),
    ...(objections.length === 0 ? [] : [sign('error', objections.map(withoutNumbers), objections[0] ?? '')]),
  ];
}

/** The files of the change, by git's ids of their contents: two commits with the same files give the same digest. */
async function treeSign({ workspace }: Deps, { projectId, buildId, phase }: StepTask, worked: Worked): Promise<Sign[]> {
  const { base, commit } = worked;
  if (phase !== 'implementation' || base === undefined || commit === undefined || commit === base) return [];
  const changes = await workspace.contentChanges({ projectId, buildId }, base, commit);
  const contents = changes.map((change) => canonicalJson(change)).sort();
  return [sign('tree', contents, names(changes.map(({ path }) => path)))];
}

/** Failures that the base commit has too do not count. */
function failingSign({ failing, counts, exitCode, integrity }: Evidence): Sign[] {
  const { red = 0, flaky = 0, names: knownNames = [] } = integrity?.known ?? {};
  const failed = (counts?.failed ?? failing.length) - red - flaky;
  if (failed <= 0) return [];
  const own = failing.filter((name) => !knownNames.includes(name)).sort();
  return [sign('failing', { own, failed, exitCode }, names(own))];
}

/** The breaks that no test noticed, without their lines, which every change moves. */
async function survivorSign({ artifacts }: Deps, { experiments }: Evidence): Promise<Sign[]> {
  if (experiments === undefined || experiments.units.noticed >= experiments.units.asked) return [];
  const report = readReport(await loadJson(artifacts, experiments.reportDigest));
  const survivors = (report?.units ?? [])
    .filter(({ outcome }) => outcome === 'unnoticed')
    .map(({ path, broken }) => `${path}: ${broken}`);
  return survivors.length === 0 ? [] : [sign('survivors', survivors.sort(), names(survivors))];
}

function sign(kind: SignKind, artifact: unknown, says: string): Sign {
  return { kind, digest: sha256(canonicalJson(artifact)).slice(0, 32), says };
}

/** Durations, line numbers and digests differ each time. */
function withoutNumbers(text: string): string {
  return text.replace(/\b[0-9a-f]{7,64}\b/g, '#').replace(/\d+(\.\d+)?/g, '0');
}

function names(all: readonly string[]): string {
  const more = all.length > SHOWN_NAMES ? `, and ${all.length - SHOWN_NAMES} more` : '';
  return `${all.slice(0, SHOWN_NAMES).join(', ')}${more}`;
}
