/**
 * Tests the Code Writer's steps: its tools with real git and a real sandbox, and the results that it gets.
 */
import type { StepTask } from '../../../src/activities/contract';
import type { ModelMessage } from '../../../src/ports/model';
import { openTestContext } from '../on-activity';
import type { TestContext, Reply } from '../on-activity';

const DONE = { summary: 'Done.', files: [], test_cases: [], documentation: '', technical_notes: [], fixed: [] };
const PAGE = { path: 'index.html', content: '<h1>hello</h1>\n' };

let testContext: TestContext;
afterEach(() => testContext?.close());

/** Runs steps as the workflow does, until the Code Writer is done. */
async function work(replies: Reply[], over: Partial<StepTask> = {}) {
  // Not scripted: a real model can be told that its answer was not accepted.
  testContext = await openTestContext((_, call) => replies[call - 1] ?? { output: DONE }, { scripted: false });
  let position: Pick<StepTask, 'transcript' | 'tree'> = { transcript: null, tree: null };
  for (let step = 1; ; step++) {
    const outcome = await testContext.run('writeCode', testContext.task({ ...over, ...position, step }));
    if (outcome.kind !== 'step') return outcome;
    position = { transcript: outcome.transcript, tree: outcome.tree };
  }
}

/** The results of the tools, in order, as the model read them. */
function toolOutputs(): string[] {
  const messages = testContext.requests.at(-1)?.messages ?? [];
  return messages.flatMap((message: ModelMessage) =>
    message.from === 'tools' ? message.results.map(({ output }) => output) : [],
  );
}

test('a model without tools returns whole files in one step, and they become one commit', async () => {
  const outcome = await work([{ output: { ...DONE, files: [PAGE] } }]);
  expect(outcome).toMatchObject({ kind: 'worked', objections: [], notes: '1 file changed: index.html' });
  expect(testContext.requests).toHaveLength(1);
  const at = { projectId: 'shop', buildId: 'b1', commit: (outcome as { commit: string }).commit };
  expect(await testContext.deps.workspace.read(at, 'index.html')).toBe(PAGE.content);
});

test('all tools work one after the other on the same tree', async () => {
  await work([
    { tools: [{ name: 'list', input: {} }] },
    {
      tools: [
        { name: 'write', input: PAGE },
        { name: 'list', input: {} },
        { name: 'read', input: { path: 'index.html' } },
      ],
    },
    {
      tools: [
        { name: 'search', input: { text: 'hello' } },
        { name: 'run', input: { command: ['cat', 'index.html'] } },
      ],
    },
    {
      tools: [
        { name: 'write', input: { ...PAGE, content: null } },
        { name: 'search', input: { text: 'hello' } },
      ],
    },
  ]);
  expect(toolOutputs()).toEqual([
    './: 0 folders, 0 files',
    'written index.html: new file, 1 line, 15 bytes',
    './: 0 folders, 1 file\nindex.html 15 bytes',
    'index.html: lines 1 to 1 of 1 (15 bytes)\n1\t<h1>hello</h1>',
    '1 hit in 1 file\nindex.html:1: <h1>hello</h1>',
    `exit code 0\n${PAGE.content}`,
    'deleted index.html',
    '0 hits in 0 files',
  ]);
});

test('files that tools wrote are published, and files that a command changed are not', async () => {
  const outcome = await work([
    { tools: [{ name: 'write', input: PAGE }] },
    { tools: [{ name: 'run', input: { command: ['sh', '-c', 'echo x > made.txt; echo y > index.html; ls'] } }] },
  ]);
  expect(toolOutputs().at(-1)).toContain('made.txt');
  expect(outcome).toMatchObject({ kind: 'worked', notes: '1 file changed: index.html' });
});

test.each([
  ['a path out of the tree', { name: 'read', input: { path: '../../etc/passwd' } }],
  ['a path into .git', { name: 'write', input: { path: '.GIT/config', content: 'x' } }],
  ['a file that is not there', { name: 'read', input: { path: 'nowhere.txt' } }],
  ['a wrong input', { name: 'run', input: { command: 'rm -rf /' } }],
  ['an empty command', { name: 'run', input: { command: [] } }],
  ['an unknown tool', { name: 'explode', input: {} }],
  ['a tool of a prototype', { name: 'constructor', input: {} }],
])('%s is reported to the model, and the work continues', async (_what, tool) => {
  const outcome = await work([{ tools: [tool] }, { output: { ...DONE, files: [PAGE] } }]);
  expect(toolOutputs()).toEqual([expect.stringMatching(/^error: /)]);
  expect(outcome.kind).toBe('worked');
});

test('no command runs if the change names packages that the gate refuses, and the result gives the reason', async () => {
  const lock = JSON.stringify({ lockfileVersion: 3, packages: { '': {} } });
  const manifest = JSON.stringify({ name: 'a', dependencies: { 'own-tools': 'git+https://example.com/tools.git' } });
  await work([
    {
      tools: [
        { name: 'write', input: { path: 'package.json', content: manifest } },
        { name: 'write', input: { path: 'package-lock.json', content: lock } },
        { name: 'run', input: { command: ['true'] } },
      ],
    },
  ]);
  expect(toolOutputs().at(-1)).toMatch(/^error: nothing was run: package.json:\d+ own-tools .* not from the registry/);
});

test('a command that fails is reported to the model with its exit code', async () => {
  await work([{ tools: [{ name: 'run', input: { command: ['sh', '-c', 'echo no; exit 3'] } }] }]);
  expect(toolOutputs()).toEqual(['exit code 3\nno\n']);
});

test('R6: the beginning and the end of long output are shown, and the tool `result` shows all of it', async () => {
  await work([
    { tools: [{ name: 'run', input: { command: ['sh', '-c', 'seq 1 40000; echo end'] } }] },
    { tools: [{ name: 'result', input: { id: 't0', from: 20_001, lines: 1 } }] },
  ]);
  const [output = '', line] = toolOutputs();
  expect(output.length).toBeLessThanOrEqual(24_000);
  expect(output).toMatch(/^exit code 0\n1\n2\n/);
  expect(output).toMatch(/\[… [\d,]+ characters are left out here …\]/);
  expect(output).toMatch(/\n40000\n.*\n\[the output has [\d,]+ characters; all of it: result \{"id":"t0"\}\]$/s);
  expect(line).toMatch(/^result t0: lines 20,001 to 20,001 of 40,002 .*\n20001\t20000\n/);
});

test('R6: a command runs in the folder that it names', async () => {
  const run = (folder: string) => ({ name: 'run', input: { command: ['sh', '-c', 'pwd; ls'], folder } });
  await work([
    {
      tools: [
        { name: 'write', input: { path: 'packages/a b/x.txt', content: 'x' } },
        run('packages/a b/'),
        run('nosuch'),
      ],
    },
  ]);
  const [, ran, refused] = toolOutputs();
  expect(ran).toMatch(/^exit code 0\n\S*\/packages\/a b\nx.txt\n$/);
  expect(refused).toBe('error: nothing was run: there is no folder "nosuch"');
});

test('files with a refused path are not written, and the model is asked again', async () => {
  const bad = { ...DONE, files: [PAGE, { path: '../out.txt', content: 'x' }] };
  const outcome = await work([{ output: bad }, { output: { ...DONE, files: [PAGE] } }]);
  expect(JSON.stringify(testContext.requests[1]?.messages)).toContain('none of these files was written');
  expect(outcome).toMatchObject({ kind: 'worked', notes: '1 file changed: index.html' });
});

test('a path that is refused again and again ends the step with the path, and not the budget of steps', async () => {
  const bad = { output: { ...DONE, files: [{ path: '../out.txt', content: 'x' }] } };
  const failed = work(Array.from({ length: 9 }, () => bad));
  await expect(failed).rejects.toMatchObject({
    type: 'Role.OutputInvalid',
    message: expect.stringContaining('out.txt'),
  });
  expect(testContext.requests).toHaveLength(3);
});

test('work that changed no file is objected to', async () => {
  expect(await work([])).toMatchObject({ kind: 'worked', objections: ['the Code Writer changed no file'] });
});
