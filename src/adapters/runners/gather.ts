/**
 * From what the watched processes reported to one TestRun.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestCase, TestRun } from '../../ports/test-runner';
import { summarise } from '../../inspect/test-output/summary';
import { addCounts, countLines, fewest, noCounts } from '../../inspect/coverage/line-counts';
import type { Bench, Watched } from './watched-run';

/** One process and, where it ran one file only, that file. */
export type Part = Watched & { file?: string };

export async function gather(bench: Bench, parts: Part[]): Promise<TestRun> {
  const { choice, coverage } = bench.input;
  const tests = parts.flatMap(testsOf);
  const broken = parts.find((part) => part.broken !== undefined);
  const reason = broken && (broken.file === undefined ? broken.broken : `${broken.file}: ${broken.broken}`);
  const bad = parts.find(({ result }) => result.exitCode !== 0);
  return {
    ...{ runner: choice.runner, command: choice.command },
    exitCode: bad === undefined ? 0 : bad.result.exitCode,
    timedOut: parts.some(({ result }) => result.timedOut),
    ...summarise(tests),
    failures: [],
    coverage: coverage ? await coverageOf(bench, parts) : null,
    sentinel: { kept: reason === undefined, reason: reason ?? '' },
    output: parts.map(({ result }) => result.output).join(''),
    durationMs: parts.reduce((sum, { result }) => sum + result.durationMs, 0),
  };
}

function testsOf({ records, file, result }: Part): TestCase[] {
  const tests = records.flatMap(({ test }) => (test ? [{ ...test, file: test.file ?? file ?? '' }] : []));
  const failed = result.exitCode !== 0 && !tests.some(({ status }) => status === 'failed');
  // A file that could not be loaded has no test that could say so.
  return failed && file !== undefined ? [...tests, { file, name: '(file)', status: 'failed' }] : tests;
}

async function coverageOf(bench: Bench, parts: Part[]): Promise<TestRun['coverage']> {
  const merged = noCounts();
  for (const { records } of parts) {
    for (const { lines } of records) {
      for (const [file, counts] of Object.entries(lines ?? {})) addCounts(merged, file, Object.fromEntries(counts));
    }
    const scripts = records.flatMap(({ coverage }) => coverage ?? []);
    for (const file of new Set(scripts.map((script) => script.file))) {
      const source = await readFile(join(bench.input.checkout.folder, file), 'utf8').catch(() => undefined);
      if (source === undefined) continue;
      const all = scripts.filter((script) => script.file === file).map((script) => countLines(source, script));
      const known = all.filter((counts) => counts !== undefined);
      if (known.length === all.length) addCounts(merged, file, fewest(known));
    }
  }
  return Object.keys(merged).length === 0 ? null : merged;
}
