/**
 * Removes style checks from the test command of experiments. A break follows no project's style, so a style check would end the command
 * before the tests, or make it fail after them.
 */
import { referenceOf } from '../../domain/experiments/compare';
import type { Reference } from '../../domain/experiments/compare';
import { withoutStyleChecks } from '../../inspect/project/style-checks';
import type { LaidFile } from '../../ports/test-runner';
import type { Series } from './run-experiment';
import { runWithLaidFiles } from './run-experiment';
import type { Subject } from './subject';

/** Gives the series without style checks; undefined where the command has none, or where fewer tests pass without them. */
export async function seriesWithoutChecks(
  subject: Subject,
): Promise<{ series: Series; reference: Reference } | undefined> {
  const { series, reference, candidate } = subject;
  const manifest = await manifestOf(series);
  const { path } = manifest;
  const text = withoutStyleChecks(manifest.text, series.method.choice.command);
  if (text === undefined) return undefined;
  const seriesWithout: Series = {
    ...series,
    laid: [...series.laid.filter((file) => file.path !== path), { path, text }],
  };
  series.clock.countRun();
  const referenceWithout = referenceOf(await runWithLaidFiles(seriesWithout, []), candidate.known);
  return passesAsMany(reference, referenceWithout) ? { series: seriesWithout, reference: referenceWithout } : undefined;
}

/** Gives the package.json of the folder in which the tests run, with its text in the run; the text is '' where there is none. */
export async function manifestOf({ deps, method, commit, laid }: Series): Promise<LaidFile> {
  const { workdir } = await deps.checkouts.look({ ...method.repo, commit: method.base }, method.overrides);
  const path = workdir === '' ? 'package.json' : `${workdir}/package.json`;
  const laidText = laid.find((file) => file.path === path)?.text;
  return {
    path,
    text: laidText ?? (await deps.workspace.contents({ ...method.repo, commit }, [path])).get(path) ?? '',
  };
}

function passesAsMany(before: Reference, now: Reference): boolean {
  const passed = ({ counts }: Reference): number => counts?.passed ?? 0;
  const failed = ({ counts }: Reference): number => counts?.failed ?? 0;
  return (
    [...before.passed.keys()].every((key) => now.passed.has(key)) &&
    passed(now) >= passed(before) &&
    failed(now) <= failed(before)
  );
}
