/**
 * What the gates cost: facts read and judged for a change of 100 files, all but what runs in the sandbox.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PhaseTask } from '../src/activities/contract';
import { readChange } from '../src/activities/facts/change';
import { readFacts } from '../src/activities/gather-facts';
import { createFileDocuments } from '../src/adapters/artifacts/documents';
import { createGitWorkspace } from '../src/adapters/workspace/git-workspace';
import { judgeChange } from '../src/domain/gates/judge';

const FILES = 100;
const LINES = 100;
const ROUNDS = 15;
const build = { projectId: 'bench', buildId: 'gates' };

/** Milliseconds, over warm rounds. */
export async function benchGates(): Promise<{ p50: number; p95: number }> {
  const folder = mkdtempSync(join(tmpdir(), 'q-bench-gates-'));
  try {
    const deps = {
      workspace: createGitWorkspace({ root: join(folder, 'repositories') }),
      documents: createFileDocuments(join(folder, 'documents')),
      // Nothing is added, so nobody is asked.
      registry: { lookUp: () => Promise.reject(new Error('asked')) },
    };
    const empty = await deps.workspace.prepare(build);
    const { commit: base } = await deps.workspace.apply({ ...build, ...empty }, sources('a'), 'before');
    const { commit } = await deps.workspace.apply({ ...build, commit: base }, sources('b'), 'after');
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      const change = await readChange(deps as never, build, base, commit);
      const facts = await readFacts(deps, { ...build } as PhaseTask, change, undefined);
      judgeChange({ ...facts, ...PROMISED });
      times.push(performance.now() - started);
    }
    const sorted = times.slice(3).sort((a, b) => a - b);
    const at = (share: number): number => Math.round(sorted[Math.floor((sorted.length - 1) * share)] ?? 0);
    const figures = { p50: at(0.5), p95: at(0.95) };
    console.log(`gates, change of ${FILES} files: p50 ${figures.p50} ms, p95 ${figures.p95} ms (aim: 100 ms)`);
    return figures;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const PROMISED = {
  now: new Date().toISOString(),
  plan: { criteria: [{ id: 'C1', testedBy: 'a test' }], testingStrategy: 'tests', paths: [] },
  criteria: { report: [], tests: null },
  evidence: null,
  lockedDigest: null,
  checks: [],
};

function sources(word: string) {
  const text = Array.from(
    { length: LINES },
    (_, line) => `export const ${word}${line} = import('./f${line}.js'); // ${line}`,
  );
  return Array.from({ length: FILES }, (_, index) => ({ path: `src/f${index}.js`, content: `${text.join('\n')}\n` }));
}
