/**
 * Collects which lines ran: from V8's counts of node's test processes, and from lcov files that the project's tools wrote. Null
 * (not measured) if there is neither.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestRun } from '../../ports/test-runner';
import { parseLcov } from '../../inspect/coverage/lcov';
import { addCounts, countLines, minimumCounts, emptyCounts } from '../../inspect/coverage/line-counts';
import type { ScriptCoverage } from '../../inspect/coverage/line-counts';
import { readReportFile, removeReportFile } from '../machine/report-file';
import type { RunSetup } from './run-command';

const LCOV_FILES = ['lcov.info', 'coverage/lcov.info', 'coverage.lcov', 'coverage/coverage.lcov', 'target/lcov.info'];
const SANDBOX_ROOT = '/workspace/';

interface CoverageSources {
  folder: string;
  /** One entry for each process. */
  scripts: ScriptCoverage[][];
  /** Reports that the run wrote. */
  reports: string[];
}

export async function coverageOf({ folder, scripts, reports }: CoverageSources): Promise<TestRun['coverage']> {
  const merged = emptyCounts();
  const roots = rootsOf(folder);
  const sources = new Map<string, string | undefined>();
  for (const processScripts of scripts) {
    const treeScripts = scriptsInTree(processScripts, roots);
    for (const file of new Set(treeScripts.map((script) => script.file))) {
      const fileScripts = treeScripts.filter((script) => script.file === file);
      if (!sources.has(file)) sources.set(file, await readFile(join(folder, file), 'utf8').catch(() => undefined));
      const source = sources.get(file);
      if (source === undefined) continue;
      const lineCounts = fileScripts
        .map((script) => countLines(source, script))
        .filter((counts) => counts !== undefined);
      if (lineCounts.length === fileScripts.length) addCounts(merged, file, minimumCounts(lineCounts));
    }
  }
  const lcov = await Promise.all(
    reports.filter((path) => /\.(info|lcov)$/.test(path)).map((path) => readReportFile(folder, path)),
  );
  for (const [file, counts] of Object.entries(parseLcov(lcov.join('\n'), roots))) addCounts(merged, file, counts);
  return Object.keys(merged).length === 0 ? null : merged;
}

function scriptsInTree(scripts: ScriptCoverage[], roots: string[]): ScriptCoverage[] {
  return scripts.flatMap((script) => {
    const root = roots.find((folder) => script.file.startsWith(folder));
    return root === undefined ? [] : [{ ...script, file: script.file.slice(root.length) }];
  });
}

/**
 * Adds coverage to a run by the project's coverage command. If that command fails or writes no lcov file, the run fails:
 * otherwise it would look like a language for which coverage is not measured.
 */
export async function withCoverage(setup: RunSetup, run: TestRun, command: string[]): Promise<TestRun> {
  const { checkout, timeoutMs, signal, locked = [] } = setup.input;
  const { folder } = checkout;
  // An lcov file that is already in the tree is not from this run.
  for (const path of LCOV_FILES) await removeReportFile(folder, path);
  const files = locked.map(({ path, text }) => ({ path: `${SANDBOX_ROOT}${path}`, text }));
  const coverageRun = await checkout.run({ command, timeoutMs, signal, files, readOnly: setup.readOnly });
  const coverage = await readLcov(folder);
  const isMissing = coverageRun.exitCode === 0 && coverage === null;
  const coverageExitCode = isMissing ? 1 : coverageRun.exitCode;
  const note = isMissing ? `\n[${command.join(' ')} wrote no lcov file]\n` : '';
  return {
    ...run,
    coverage,
    exitCode: run.exitCode !== 0 ? run.exitCode : coverageExitCode,
    timedOut: run.timedOut || coverageRun.timedOut,
    output: `${run.output}${coverageRun.output}${note}`,
  };
}

/** Reads the lcov files of the command; null if there is none. */
async function readLcov(folder: string): Promise<TestRun['coverage']> {
  const texts = await Promise.all(LCOV_FILES.map((path) => readReportFile(folder, path)));
  const found = parseLcov(texts.join('\n'), rootsOf(folder));
  return Object.keys(found).length === 0 ? null : found;
}

function rootsOf(folder: string): string[] {
  return [`${folder}/`, SANDBOX_ROOT, './'];
}
