/**
 * `npm run prompts [-- --against <git revision>] [--only lodash,text] [--model <provider:id>]`: compares steps, request bytes and
 * outcome of builds with the present and with older prompts, on the repositories of the mock engineers.
 *
 * Mock engineers make the same calls with any prompt, so only bytes can differ. With `--model` a real model does the work, which
 * costs money. The exit code is 1 if fewer builds complete with the present prompts than with the older ones.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import startTestServer from '../../test/server';
import stopTestServer from '../../test/server-stop';
import { fetchPackage } from '../engineer/package';
import { readScripts } from '../engineer/script';
import type { Script } from '../engineer/script';
import { presentPrompts, promptsOf } from './prompt-sets';
import type { PromptSet } from './prompt-sets';
import { runBuild } from './run-build';
import type { PromptBuild } from './run-build';
import { figuresOf, HEAD, rowOf, totalsOf } from './table';

const OPTIONS = {
  against: { type: 'string' },
  only: { type: 'string' },
  model: { type: 'string' },
} as const;

async function main(): Promise<number> {
  const { against, only, model } = parseArgs({ options: OPTIONS }).values;
  const scripts = readScripts(only?.split(',').map((name) => name.trim()) ?? []);
  const sets = [...(against === undefined ? [] : [promptsOf(against)]), presentPrompts()];
  if (model !== undefined) print(`${scripts.length * sets.length} builds ask ${model}: this costs money.`);
  await startTestServer();
  try {
    print(HEAD);
    const builds: PromptBuild[] = [];
    for (const script of scripts) builds.push(...(await buildWithEach(script, { sets, model })));
    const names = sets.map(({ name }) => name);
    print(totalsOf(builds, names));
    const complete = names.map((name) => figuresOf(builds.filter(({ prompts }) => prompts === name)).complete);
    return (complete.at(-1) ?? 0) < (complete[0] ?? 0) ? 1 : 0;
  } finally {
    await stopTestServer();
  }
}

/** Runs one build after the other, so that they do not compete for the processor. */
async function buildWithEach(
  script: Script,
  { sets, model }: { sets: PromptSet[]; model: string | undefined },
): Promise<PromptBuild[]> {
  const root = mkdtempSync(join(tmpdir(), 'q-prompts-'));
  const remove = (): void => rmSync(root, { recursive: true, force: true });
  // The folder must be removed also when the run is interrupted.
  process.once('exit', remove);
  try {
    const { path } = await fetchPackage(script, root);
    const builds: PromptBuild[] = [];
    for (const set of sets) {
      const build = await runBuild({ script, path, root, set, model });
      print(rowOf(build));
      builds.push(build);
    }
    return builds;
  } finally {
    process.off('exit', remove);
    remove();
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
