/**
 * `npm run works-with [-- --only a,b] [--sample] [--jobs N] [--write] [--self-check] [--list]`: repository shapes, each built end to end.
 * `--engineers`, `--intents` and `--models` measure something else instead: see docs/works-with.md; `--only` and `--write` hold there, too.
 * `--llama [--write]` asks a real llama.cpp server with a small model, both from PyPI: see docs/llama.md.
 *
 * A mock model answers; the request has the repository and one sentence. The exit code is 1 if a shape did not end as expected;
 * with the variable CI set, also if a toolchain is missing, since CI must not skip a shape.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import startTestServer from '../test/server';
import stopTestServer from '../test/server-stop';
import { runLimited } from './run-limited';
import { MEASURE, MEASURES } from './measures';
import type { ShapeResult } from './run-shape';
import { runShapes } from './run-shapes';
import { SAMPLE } from './sample';
import { selfCheck } from './self-check';
import type { Shape } from './shape';
import { SHAPES } from './shapes';
import { printRow, printTotals, writeTable } from './table';

const OPTIONS = {
  only: { type: 'string' },
  sample: { type: 'boolean', default: false },
  jobs: { type: 'string', default: '2' },
  write: { type: 'boolean', default: false },
  'self-check': { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
  engineers: { type: 'boolean', default: false },
  intents: { type: 'boolean', default: false },
  models: { type: 'boolean', default: false },
  llama: { type: 'boolean', default: false },
} as const;

const FAILURE_RESULTS: ReadonlyArray<ShapeResult['result']> = process.env.CI
  ? ['wrong', 'not available here']
  : ['wrong'];

async function main(): Promise<number> {
  const { values } = parseArgs({ options: OPTIONS });
  const measure = MEASURES.find((name) => values[name]);
  if (measure !== undefined) return MEASURE[measure]({ only: values.only?.split(',') ?? [], write: values.write });
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new Error(`--jobs must be a whole number from 1 on, not "${values.jobs}"`);
  if (values.write && (values.only !== undefined || values.sample))
    throw new Error('--write is for all shapes; leave out --only and --sample');
  if (values.sample && values.only !== undefined) throw new Error('--sample or --only, not both');
  const chosenShapes = values.sample ? sampleShapes() : choose(values.only);
  if (values.list) {
    process.stdout.write(chosenShapes.map(({ name }) => `${name}\n`).join(''));
    return 0;
  }
  return values['self-check'] ? checkAll(chosenShapes, jobs) : buildAll(chosenShapes, { jobs, write: values.write });
}

/** Finds shapes by exact names or parts of names, separated by commas. */
function choose(only: string | undefined): readonly Shape[] {
  if (only === undefined) return SHAPES;
  const words = only.split(',').map((word) => word.trim());
  const unknown = words.find((word) => !SHAPES.some(({ name }) => name.includes(word)));
  if (unknown !== undefined) throw new Error(`--only: no shape is called "${unknown}"; --list names all`);
  return SHAPES.filter(({ name }) => words.some((word) => name === word || (!isName(word) && name.includes(word))));
}

/** Gives the shapes of the sample. Throws for a name without a shape, which would otherwise be skipped silently. */
function sampleShapes(): readonly Shape[] {
  const unknown = SAMPLE.filter((name) => !isName(name));
  if (unknown.length > 0) throw new Error(`works-with/sample.ts: no shape is called ${unknown.join(', ')}`);
  return SHAPES.filter(({ name }) => SAMPLE.includes(name));
}

function isName(word: string): boolean {
  return SHAPES.some(({ name }) => name === word);
}

async function buildAll(shapes: readonly Shape[], { jobs, write }: { jobs: number; write: boolean }): Promise<number> {
  const startedAt = performance.now();
  await startTestServer();
  try {
    const results = await runShapes(shapes, { jobs, onResult: printRow });
    const seconds = (performance.now() - startedAt) / 1_000;
    printTotals(results, seconds);
    if (write) writeTable(results, seconds);
    return results.some(({ result }) => FAILURE_RESULTS.includes(result)) ? 1 : 0;
  } finally {
    await stopTestServer();
  }
}

async function checkAll(shapes: readonly Shape[], jobs: number): Promise<number> {
  const toolFolder = mkdtempSync(join(tmpdir(), 'q-works-with-tools-'));
  let wrong = 0;
  try {
    await runLimited(shapes, jobs, async (shape) => {
      const { name, result, seconds, note } = await selfCheck(shape, toolFolder);
      if (result === 'wrong') wrong += 1;
      process.stdout.write(
        `${result.padEnd(18)}  ${seconds.toFixed(1).padStart(6)} s  ${name}${note && `\n${note}`}\n`,
      );
    });
  } finally {
    rmSync(toolFolder, { recursive: true, force: true });
  }
  return wrong > 0 ? 1 : 0;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
