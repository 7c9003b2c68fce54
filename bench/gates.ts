/**
 * Bench `gates`: reads and judges the facts of a change of 100 files, without the work in the sandbox, and compares that with a
 * bare child process.
 */
import { join } from 'node:path';
import type { PhaseTask } from '../src/activities/contract';
import { readChange } from '../src/activities/verification/facts/change';
import { readFacts } from '../src/activities/verification/gather-facts';
import { createFileDocuments } from '../src/adapters/artifacts/documents';
import { createReaders } from '../src/adapters/reading/readers';
import { createGitWorkspace } from '../src/adapters/workspace/git-workspace';
import { judgeChange } from '../src/domain/gates';
import { timeChild } from './bare-child';
import { atMost, spreadCells, SPREAD_COLUMNS, spreadOf } from './figures';
import type { Bench, BenchOptions, Sheet } from './figures';
import { makeFolder } from './stage';

const FILES = 100;
const LINES = 100;
const WARM_UP = 3;
const build = { projectId: 'bench', buildId: 'gates' };

export const gates: Bench = {
  name: 'gates',
  async run({ quick }: BenchOptions): Promise<Sheet> {
    const rounds = quick ? 10 : 30;
    const folder = await makeFolder();
    const readers = createReaders();
    const deps = {
      workspace: createGitWorkspace({ root: join(folder, 'repositories') }),
      documents: createFileDocuments(join(folder, 'documents')),
      readers,
      // The change adds no package, so the registry is not used.
      runners: { packages: ['pytest'] },
      registry: { lookUp: () => Promise.reject(new Error('asked')) },
    };
    const empty = await deps.workspace.prepare(build);
    const { commit: base } = await deps.workspace.apply({ ...build, ...empty }, sources('a'), 'before');
    const { commit } = await deps.workspace.apply({ ...build, commit: base }, sources('b'), 'after');
    const times = { read: [] as number[], judged: [] as number[], all: [] as number[], bare: [] as number[] };
    for (let round = -WARM_UP; round < rounds; round++) {
      const bare = await timeChild('/usr/bin/env', ['true']);
      const startedAt = performance.now();
      const change = await readChange(deps, { repo: build, base, commit });
      const facts = await readFacts(deps, { ...build } as PhaseTask, { change, implementation: undefined });
      const readAt = performance.now();
      judgeChange({ ...facts, ...OTHER_FACTS });
      const judgedAt = performance.now();
      if (round < 0) continue;
      times.bare.push(bare);
      times.read.push(readAt - startedAt);
      times.judged.push(judgedAt - readAt);
      times.all.push(judgedAt - startedAt);
    }
    await readers.close();
    return {
      title: `the gates over a change of ${FILES} files with ${LINES} lines each, ${rounds} times`,
      notes: ['facts from a real repository, no package added; checks that run in the sandbox are not included'],
      columns: ['step', ...SPREAD_COLUMNS],
      rows: [
        ['bare child process', ...spreadCells(times.bare)],
        ['facts read', ...spreadCells(times.read)],
        ['judged', ...spreadCells(times.judged)],
        ['both', ...spreadCells(times.all)],
      ],
      figures: [atMost(`gates: a change of ${FILES} files, p50`, 100, spreadOf(times.all).p50, ' ms')],
    };
  },
};

const OTHER_FACTS = {
  now: new Date().toISOString(),
  plan: { criteria: [{ id: 'C1', testedBy: 'a test' }], testingStrategy: 'tests', paths: [] },
  criteria: { report: [], tests: null },
  evidence: null,
  lockedDigest: null,
  approvals: [],
  phase: 'verification' as const,
  checks: [],
  questions: { files: [], approvals: [], phase: 'verification' as const },
  delivered: { files: [], notes: [], approvals: [], phase: 'verification' as const },
  harm: { files: [], notes: [], approvals: [], phase: 'verification' as const },
};

function sources(word: string) {
  const text = Array.from(
    { length: LINES },
    (_, line) => `export const ${word}${line} = import('./f${line}.js'); // ${line}`,
  );
  return Array.from({ length: FILES }, (_, index) => ({ path: `src/f${index}.js`, content: `${text.join('\n')}\n` }));
}
