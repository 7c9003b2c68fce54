/**
 * Which lines ran, as far as it costs the run nothing: V8's own counts of node's test processes, and lcov that the project's
 * own tools wrote. Null where there is neither: not measured.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRun } from '../../ports/test-runner';
import { parseLcov } from '../../inspect/coverage/lcov';
import { addCounts, countLines, fewest, noCounts } from '../../inspect/coverage/line-counts';
import type { ScriptCoverage } from '../../inspect/coverage/line-counts';
import { readReportFile, removeReportFile } from '../machine/report-file';
import type { RunSetup } from './run-command';

const PLACES = ['lcov.info', 'coverage/lcov.info', 'coverage.lcov', 'coverage/coverage.lcov', 'target/lcov.info'];
const ROOT = '/workspace/';

interface Counted {
  folder: string;
  /** One entry a process. */
  scripts: ScriptCoverage[][];
  /** Reports that the run wrote. */
  reports: string[];
}

export async function coverageOf({ folder, scripts, reports }: Counted): Promise<TestRun['coverage']> {
  const merged = noCounts();
  const roots = rootsOf(folder);
  const sources = new Map<string, string | undefined>();
  for (const all of scripts) {
    const told = inTree(all, roots);
    for (const file of new Set(told.map((script) => script.file))) {
      const same = told.filter((script) => script.file === file);
      if (!sources.has(file)) sources.set(file, await readFile(join(folder, file), 'utf8').catch(() => undefined));
      const source = sources.get(file);
      if (source === undefined) continue;
      const known = same.map((script) => countLines(source, script)).filter((counts) => counts !== undefined);
      if (known.length === same.length) addCounts(merged, file, fewest(known));
    }
  }
  const lcov = await Promise.all(
    reports.filter((path) => /\.(info|lcov)$/.test(path)).map((path) => readReportFile(folder, path)),
  );
  for (const [file, counts] of Object.entries(parseLcov(lcov.join('\n'), roots))) addCounts(merged, file, counts);
  return Object.keys(merged).length === 0 ? null : merged;
}

function inTree(scripts: ScriptCoverage[], roots: string[]): ScriptCoverage[] {
  return scripts.flatMap((script) => {
    const root = roots.find((one) => script.file.startsWith(one));
    return root === undefined ? [] : [{ ...script, file: script.file.slice(root.length) }];
  });
}

/** The run with the lines that ran. A command that fails, or writes nothing, fails the run: silence must not look like a language without lines. */
export async function withCoverage(setup: RunSetup, run: TestRun, command: string[]): Promise<TestRun> {
  const { checkout, timeoutMs, signal, locked = [] } = setup.input;
  const { folder } = checkout;
  // One that lies in the tree already is not this run's.
  for (const place of PLACES) await removeReportFile(folder, place);
  const files = locked.map(({ path, text }) => ({ path: `${ROOT}${path}`, text }));
  const covered = await checkout.run({ command, timeoutMs, signal, files, readOnly: setup.readOnly });
  const coverage = await readLcov(folder);
  const isMissing = covered.exitCode === 0 && coverage === null;
  const note = isMissing ? `\n[${command.join(' ')} wrote no lcov file]\n` : '';
  return {
    ...run,
    coverage,
    exitCode: run.exitCode !== 0 ? run.exitCode : isMissing ? 1 : covered.exitCode,
    timedOut: run.timedOut || covered.timedOut,
    output: `${run.output}${covered.output}${note}`,
  };
}

/** Null where the command left none. */
async function readLcov(folder: string): Promise<TestRun['coverage']> {
  const texts = await Promise.all(PLACES.map((place) => readReportFile(folder, place)));
  const found = parseLcov(texts.join('\n'), rootsOf(folder));
  return Object.keys(found).length === 0 ? null : found;
}

function rootsOf(folder: string): string[] {
  return [`${folder}/`, ROOT, './'];
}
