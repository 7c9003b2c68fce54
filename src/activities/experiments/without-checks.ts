/**
 * Experiments without the checks of style that a test command has beside its tests: a break is written in no project's style, so such
 * a check would stop the command before a test had its turn, or end it badly behind them.
 */
import { referenceOf } from '../../domain/experiments/compare';
import type { Reference } from '../../domain/experiments/compare';
import { withoutStyleChecks } from '../../inspect/project/style-checks';
import type { LaidFile } from '../../ports/test-runner';
import type { Series } from './ask';
import { runLaid } from './ask';
import type { Subject } from './subject';

/** Undefined where there are no such checks, or other tests pass without them. */
export async function seriesWithoutChecks(
  subject: Subject,
): Promise<{ series: Series; reference: Reference } | undefined> {
  const { series, reference, candidate } = subject;
  const manifest = await manifestOf(series);
  const { path } = manifest;
  const text = withoutStyleChecks(manifest.text, series.method.choice.command);
  if (text === undefined) return undefined;
  const bare: Series = { ...series, laid: [...series.laid.filter((one) => one.path !== path), { path, text }] };
  series.clock.count();
  const now = referenceOf(await runLaid(bare, []), candidate.known);
  return hasAll(reference, now) ? { series: bare, reference: now } : undefined;
}

/** Of the folder that the tests run in, with the text that a run has; '' where there is none. */
export async function manifestOf({ deps, method, commit, laid }: Series): Promise<LaidFile> {
  const { workdir } = await deps.checkouts.look({ ...method.repo, commit: method.base }, method.wish);
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const own = laid.find((one) => one.path === path)?.text;
  return { path, text: own ?? (await deps.workspace.contents({ ...method.repo, commit }, [path])).get(path) ?? '' };
}

function hasAll(before: Reference, now: Reference): boolean {
  const passed = (one: Reference): number => one.counts?.passed ?? 0;
  const failed = (one: Reference): number => one.counts?.failed ?? 0;
  return (
    [...before.passed.keys()].every((key) => now.passed.has(key)) &&
    passed(now) >= passed(before) &&
    failed(now) <= failed(before)
  );
}
