/**
 * Tests the tool `diff` with real git: it shows the difference between the build's base and the tree.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { useTools } from '../../../src/activities/tools';
import type { FileChange } from '../../../src/ports/workspace';
import { openTestContext } from '../on-activity';
import type { TestContext } from '../on-activity';
import { openTools } from './tool-context';

let testContext: TestContext;
beforeAll(async () => {
  testContext = await openTestContext(() => ({ output: {} }));
});
afterAll(() => testContext.close());

/** The answer of the tool for a change of one long and one short file. */
async function diffOfLargeChange(input: object) {
  const { workspace } = testContext.deps;
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
  return callDiff({ base, commit, input });
}

async function callDiff({ base, commit, input }: { base: string; commit: string; input: object }) {
  const at = { projectId: 'shop', buildId: 'b1', commit };
  const { results } = await useTools(
    {
      ...{ deps: testContext.deps, task: testContext.task(), role: 'verification_overseer', at, base, overrides: {} },
      ...{ seen: {}, results: () => undefined, signal: new AbortController().signal },
    },
    [{ id: 'd', name: 'diff', input }],
  );
  return results[0]?.output ?? '';
}

test('R7: without a path it lists the files of the change', async () => {
  expect(await diffOfLargeChange({})).toBe('the build changes 2 files\na.txt added\nlong.txt modified');
});

test('R7: a long difference is shown in pages, each with the call that shows the next', async () => {
  const first = await diffOfLargeChange({ path: 'long.txt' });
  expect(first).toMatch(/^difference of long.txt: lines 1 to 400 of 6,00\d\n1\tdiff --git /);
  expect(first).toMatch(/\[lines 401 to 6,00\d are left out: diff \{"path":"long.txt","from":401\}\]$/);
  expect(await diffOfLargeChange({ path: 'long.txt', from: 6_000 })).toContain('\t+new line 2996');
});

test('R7: a path that the build does not change gives a hint to the list of changed files', async () => {
  expect(await diffOfLargeChange({ path: 'b.txt' })).toMatch(
    /^error: the build changes no file "b.txt"; diff \{\} lists what it changes$/,
  );
});

test('R7: a file after the limit of a large difference is shown, and a moved file with its old name', async () => {
  const line = `${'y'.repeat(99)}\n`;
  const large = Array.from({ length: 3 }, (_, n) => ({ path: `big${n}`, content: line.repeat(9_000) }));
  const diffOf = await diffsOfChange(
    [{ path: 'n*w', content: 'one\ntwo\nthree\nfour\n' }],
    [
      ...large,
      { path: 'n*w', content: null },
      { path: 'moved', content: 'one\ntwo\nthree\nfive\n' },
      { path: 'p.bin', content: null, base64: 'AAEC' },
      { path: 'new', content: 'of another name\n' },
    ],
  );
  expect(await diffOf('new')).toContain('\t+of another name');
  expect(await diffOf('moved')).toContain('\trename from n*w\n');
  expect(await diffOf('moved')).toMatch(/\t-four\n\d+\t\+five$/);
  expect(await diffOf('n*w')).toContain('\trename to moved\n');
  expect(await diffOf('n*w')).not.toContain('another name');
  expect(await diffOf('p.bin')).toContain('\tBinary files /dev/null and b/p.bin differ');
});

test('R7: the difference of a file with a name that is not UTF-8 is shown, and names the line after which its end is missing', async () => {
  const tools = await openTools((folder) => {
    writeFileSync(join(folder, 'huge'), `${'y'.repeat(999)}\n`.repeat(9_000));
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/na`), Buffer.from([0xef]), Buffer.from('ve')]), 'before\n');
    writeFileSync(join(folder, 'naive'), 'plain\n');
  });
  try {
    for (const path of ['huge', 'na\\xefve', 'naive']) expect(await tools.use('delete', { path })).toMatch(/^deleted/);
    expect(await tools.use('diff', { path: 'huge' })).toMatch(
      /^difference of huge: lines 1 to \d+ of 8,\d+ and more\n[^]*its end is missing after line 8,\d+: read shows the file\]$/,
    );
    const odd = await tools.use('diff', { path: 'na\\xefve' });
    expect(odd).toMatch(/\t-before$/);
    expect(odd).not.toContain('plain');
  } finally {
    tools.close();
  }
});

/** Makes two commits. Returns a function that gives the answer of the tool for one path. */
async function diffsOfChange(before: FileChange[], after: FileChange[]) {
  const { workspace } = testContext.deps;
  const repo = { projectId: 'shop', buildId: 'b1' };
  const { commit: empty } = await workspace.prepare(repo);
  const { commit: base } = await workspace.apply({ ...repo, commit: empty }, before, 'base');
  const { commit } = await workspace.apply({ ...repo, commit: base }, after, 'change');
  return (path: string) => callDiff({ base, commit, input: { path } });
}
