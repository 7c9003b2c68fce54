/**
 * The tool diff, on real git: what the tree differs in from the build's base.
 */
import { useTools } from '../../../src/activities/tools';
import { openBench } from '../on-activity';
import type { Bench } from '../on-activity';

let bench: Bench;
beforeAll(async () => {
  bench = await openBench(() => ({ output: {} }));
});
afterAll(() => bench.close());

/** A change of one long and one short file, and what the tool answers. */
async function look(input: object) {
  const { workspace } = bench.deps;
  const repo = { projectId: 'shop', buildId: 'b1' };
  const { commit: empty } = await workspace.prepare(repo);
  const old = Array.from({ length: 3_000 }, (_, n) => `line ${n + 1}\n`);
  const { commit: base } = await workspace.apply(
    { ...repo, commit: empty },
    [{ path: 'long.txt', content: old.join('') }],
    'base',
  );
  const changed = old.map((line) => `new ${line}`).join('');
  const files = [
    { path: 'long.txt', content: changed },
    { path: 'a.txt', content: 'a\n' },
  ];
  const { commit } = await workspace.apply({ ...repo, commit: base }, files, 'change');
  const { results } = await useTools(
    {
      ...{
        deps: bench.deps,
        task: bench.task(),
        role: 'verification_overseer',
        at: { ...repo, commit },
        base,
        wish: {},
      },
      ...{ seen: {}, results: () => undefined, signal: new AbortController().signal },
    },
    [{ id: 'd', name: 'diff', input }],
  );
  return results[0]?.output ?? '';
}

test('R7: without a path it lists the files of the change', async () => {
  expect(await look({})).toBe('the build changes 2 files\na.txt added\nlong.txt modified');
});

test('R7: a long difference is shown in pages, each with the call that shows the next', async () => {
  const first = await look({ path: 'long.txt' });
  expect(first).toMatch(/^difference of long.txt: lines 1 to 400 of 6,00\d\n1\tdiff --git /);
  expect(first).toMatch(/\[lines 401 to 6,00\d are left out: diff \{"path":"long.txt","from":401\}\]$/);
  expect(await look({ path: 'long.txt', from: 6_000 })).toContain('\tnew line 2996'.replace('\t', '\t+'));
});

test('R7: a file that the build does not change is answered with what it does', async () => {
  expect(await look({ path: 'b.txt' })).toMatch(
    /^error: the difference of this build has no text of "b.txt".*diff \{\} lists what is changed$/,
  );
});
