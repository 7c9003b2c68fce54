/** Tests known ways to make git run a program, planted in the user's repository or by a model: no operation runs one. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitIn, makePlace, makeUpstream } from './git-fixture';

let place: ReturnType<typeof makePlace>;
beforeEach(() => (place = makePlace()));
afterEach(() => place.remove());

const build = { projectId: 'shop', buildId: 'b1' };
const canary = () => join(place.folder, 'ran');
const trapsThatRan = () =>
  existsSync(canary()) ? [...new Set(readFileSync(canary(), 'utf8').trim().split('\n'))].sort() : [];

/** Makes a program that records which trick ran it, and copies its input as a filter does. */
function makeTrap(name: string): string {
  const path = join(place.folder, `trap-${name.replace(/\W/g, '-')}`);
  writeFileSync(path, `#!/bin/sh\necho ${name} >> ${canary()}\ncat 2> /dev/null < /dev/null\nexit 0\n`);
  chmodSync(path, 0o755);
  return path;
}

const SETTINGS = [
  ...['core.fsmonitor', 'core.sshCommand', 'core.pager', 'core.editor', 'core.gitProxy', 'core.askPass'],
  ...['core.alternateRefsCommand', 'diff.external', 'diff.trap.command', 'diff.trap.textconv', 'merge.trap.driver'],
  ...['filter.trap.clean', 'filter.trap.smudge', 'filter.trap.process', 'gpg.program', 'gpg.ssh.program'],
  ...['uploadpack.packObjectsHook', 'sequence.editor', 'interactive.diffFilter', 'trailer.sign.command'],
  ...['alias.ls-tree', 'alias.fetch', 'credential.helper', 'remote.origin.uploadpack', 'pager.log', 'pager.diff'],
];
const HOOKS = ['pre-commit', 'post-checkout', 'post-commit', 'reference-transaction', 'post-update', 'pre-auto-gc'];
const ATTRIBUTES = '* filter=trap diff=trap merge=trap text eol=crlf ident\n';

function plantTricks(folder: string): void {
  const config = SETTINGS.map((name) => {
    const [section = '', ...rest] = name.split('.');
    const key = rest.pop();
    const head = rest.length === 0 ? `[${section}]` : `[${section} "${rest.join('.')}"]`;
    return `${head}\n\t${key} = ${section === 'alias' || section === 'credential' ? '!' : ''}${makeTrap(name)}\n`;
  });
  const includedFile = join(place.folder, 'included');
  writeFileSync(
    includedFile,
    `[core]\n\tfsmonitor = ${makeTrap('included')}\n\thooksPath = ${join(folder, 'tree-hooks')}\n`,
  );
  appendFileSync(
    join(folder, '.git/config'),
    `${config.join('')}[commit]\n\tgpgSign = true\n[log]\n\tshowSignature = true\n[include]\n\tpath = ${includedFile}\n`,
  );
  for (const hook of HOOKS) cpSync(makeTrap(`hook-${hook}`), join(folder, '.git/hooks', hook));
}

function makeTrickyRepository({ withSubmodule = false } = {}): string {
  const path = makeUpstream(place.folder, (folder) => {
    writeFileSync(join(folder, 'a.txt'), 'one\n');
    writeFileSync(join(folder, '.gitattributes'), ATTRIBUTES);
    mkdirSync(join(folder, 'tree-hooks'));
    for (const hook of HOOKS) cpSync(makeTrap(`tree-${hook}`), join(folder, 'tree-hooks', hook));
    // A bare repository inside the tree: git finds it by its files unless that is forbidden.
    for (const inner of ['objects', 'refs']) mkdirSync(join(folder, 'nested', inner), { recursive: true });
    for (const inner of ['objects', 'refs']) writeFileSync(join(folder, 'nested', inner, 'keep'), '');
    writeFileSync(join(folder, 'nested/HEAD'), 'ref: refs/heads/main\n');
    writeFileSync(
      join(folder, 'nested/config'),
      `[core]\n\tbare = false\n\tworktree = .\n\tfsmonitor = ${makeTrap('nested')}\n[alias]\n\ttrap = !${makeTrap('nested')}\n`,
    );
    writeFileSync(
      join(folder, '.gitmodules'),
      `[submodule "s"]\n\tpath = s\n\turl = ext::${makeTrap('submodule')}\n\tupdate = !x\n`,
    );
  });
  if (withSubmodule) {
    gitIn(path, 'update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},s`);
    gitIn(path, 'commit', '--quiet', '-m', 'with a submodule');
  }
  plantTricks(path);
  return path;
}

/** Runs every operation of the workspace on a tree. */
async function runAllOperations(path: string): Promise<void> {
  const { workspace } = place;
  const base = { ...build, ...(await workspace.prepare({ ...build, repository: { path } })) };
  const files = [
    { path: 'a.txt', content: 'two\n' },
    { path: '.gitattributes', content: ATTRIBUTES },
    { path: '.gitconfig', content: `[core]\n\tfsmonitor = ${makeTrap('written')}\n` },
    { path: 'hooks/post-checkout', content: '#!/bin/sh\n' },
    { path: 'other/HEAD', content: 'ref: refs/heads/main\n' },
    { path: 'other/config', content: `[core]\n\tfsmonitor = ${makeTrap('written-nested')}\n` },
    { path: '.lfsconfig', content: '[lfs]\n' },
    { path: '.mailmap', content: 'x' },
  ];
  const draft = { ...build, ...(await workspace.apply(base, files, 'change')) };
  await workspace.list(draft);
  await workspace.read(draft, 'a.txt');
  await workspace.search(draft, 'two');
  await workspace.diff(build, base.commit, draft.commit);
  const mark = { phase: 'implementation' as const, generation: 1, attempt: 1, turn: 1 };
  const { commit } = await workspace.publish(base, { draftCommit: draft.commit, message: 'publish\n\nsign: x', mark });
  await workspace.publish(base, { draftCommit: draft.commit, message: 'publish', mark });
  const folder = join(place.folder, 'out');
  mkdirSync(folder);
  await workspace.checkout({ ...build, commit }, folder);
  await workspace.restore(base, { generation: 1 });
  await workspace.facts(base);
  const repository = { path };
  const delivery = await workspace.deliver({ ...build, commit }, { repository, branch: 'builds/shop.b1', push: true });
  expect(delivery).toMatchObject({ kind: 'written' });
  expect(readFileSync(join(folder, 'a.txt'), 'utf8')).toBe('two\n');
}

test('R14: a submodule whose address is a program is refused, and the program does not run', async () => {
  const path = makeTrickyRepository({ withSubmodule: true });
  await expect(runAllOperations(path)).rejects.toMatchObject({ type: 'Environment.RepositoryUnfit' });
  expect(trapsThatRan()).toEqual([]);
});

test('no operation of the workspace runs a program of the tricks', async () => {
  await runAllOperations(makeTrickyRepository());
  expect(trapsThatRan()).toEqual([]);
});

test('variables of the worker do not reach git', async () => {
  const programVariables = {
    GIT_EXTERNAL_DIFF: makeTrap('variable'),
    GIT_SSH_COMMAND: makeTrap('variable'),
    GIT_PAGER: makeTrap('variable'),
  };
  const settings = {
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'core.fsmonitor',
    GIT_CONFIG_VALUE_0: makeTrap('variable'),
  };
  Object.assign(process.env, programVariables, settings);
  try {
    await runAllOperations(makeTrickyRepository());
  } finally {
    for (const name of Object.keys({ ...programVariables, ...settings })) delete process.env[name];
  }
  expect(trapsThatRan()).toEqual([]);
});

/** Each setting with a git command that runs its program. */
const TRIGGERS: Array<[setting: string, command: string[]]> = [
  ['core.fsmonitor', ['status']],
  ['diff.external', ['diff']],
  ['diff.trap.textconv', ['diff']],
  ['diff.trap.command', ['diff']],
  ['filter.trap.clean', ['add', 'a.txt']],
  ['filter.trap.smudge', ['cat-file', '--filters', 'HEAD:a.txt']],
  ['filter.trap.process', ['add', 'a.txt']],
  ['core.sshCommand', ['fetch', 'git@localhost:x']],
  ['gpg.program', ['commit', '-S', '--allow-empty', '-m', 'x']],
  ['core.editor', ['commit', '--amend', '--allow-empty']],
  ['alias.trap', ['trap']],
];

test.each(TRIGGERS)('the trick %s is real: the usual git command runs it', (setting, command) => {
  const path = makeUpstream(place.folder, (folder) => writeFileSync(join(folder, 'a.txt'), 'one\n'));
  writeFileSync(join(path, '.gitattributes'), ATTRIBUTES);
  writeFileSync(join(path, 'a.txt'), 'two\n');
  const program = `${setting.startsWith('alias') ? '!' : ''}${makeTrap(setting)}`;
  const identity = ['-c', 'safe.directory=*', '-c', 'user.name=P', '-c', 'user.email=p@localhost'];
  spawnSync('git', [...identity, '-c', `${setting}=${program}`, ...command], {
    cwd: path,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: place.folder },
  });
  expect(trapsThatRan()).toEqual([setting]);
});

test.each([
  ['an included file', ['status'], 'included'],
  ['a nested bare repository', ['-C', 'nested', 'trap'], 'nested'],
])('the trick with %s is real, too', (_trick, command, expected) => {
  const path = makeTrickyRepository();
  const env = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: place.folder };
  spawnSync('git', ['-c', 'safe.directory=*', ...command], { cwd: path, env });
  expect(trapsThatRan().map((name) => name.replace('hook-', 'tree-'))).toContain(expected);
});
