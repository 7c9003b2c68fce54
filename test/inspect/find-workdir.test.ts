/** Finds the working folder of a project in a tree, and the folder from which its packages are installed. */
import { deriveProject } from '../../src/inspect/project/derive-project';
import { findWorkdir } from '../../src/inspect/project/find-workdir';
import { verifies } from '../requirements/verifies';

type Files = Record<string, string>;

function derive(files: Files, workdir: string) {
  const tree = { paths: Object.keys(files), read: (path: string) => files[path] };
  return deriveProject(tree, { allowsScripts: false, workdir });
}
const JS = JSON.stringify({ name: 'a', dependencies: { x: '^1.0.0' } });
const js = (more: object) => JSON.stringify({ name: 'a', dependencies: { x: '^1.0.0' }, ...more });
const PY = '[project]\nname = "a"\nversion = "1"\n[build-system]\nrequires = ["hatchling"]\n';

verifies('9.4');
test.each<[string, Files, string]>([
  ['the root', { 'package.json': JS, 'backend/package.json': JS }, ''],
  [
    'R5: the one folder with a manifest',
    { 'README.md': '', 'backend/package.json': JS, 'docs/package.json': JS },
    'backend',
  ],
  ['the outer one', { 'app/package.json': JS, 'app/packages/a/package.json': JS }, 'app'],
  ['R5: the folder, below a Makefile', { Makefile: 'test:\n', 'backend/package.json': JS }, 'backend'],
  [
    'R5: the folder, below scripts and settings of tools',
    { 'deploy.sh': '', 'index.html': '', 'eslint.config.js': '', '.prettierrc.js': '', 'backend/package.json': JS },
    'backend',
  ],
  ['R5: the folder of another language', { justfile: '', 'backend/Gemfile': '' }, 'backend'],
  ['the root of a page, beside tools', { 'index.html': '', 'style.css': '', 'e2e/package.json': JS }, ''],
  ['the root with rules of its own, beside documents', { justfile: '', 'docs/package.json': JS }, ''],
  ['the root with a Makefile, beside tools', { Makefile: 'test:\n', 'tools/package.json': JS }, ''],
  ['the root, if there is no manifest', { 'a/b.txt': '' }, ''],
])('the working folder is %s', (_, files, expected) =>
  expect(findWorkdir(Object.keys(files), {})).toEqual({ workdir: expected, notes: [] }),
);

verifies('9.4');
test('R5: of several folders the first by depth, language and name is chosen, and a note names the others', () => {
  const paths = ['server/pyproject.toml', 'web/package.json', 'api/package.json', 'x/y/package.json'];
  expect(findWorkdir(paths, {})).toEqual({
    workdir: 'api',
    notes: [
      'the project is taken to be in api; web, server, x/y have manifests, too; set workdir to choose another folder',
    ],
  });
  expect(findWorkdir(paths, { workdir: './server/' }).workdir).toBe('server');
  expect(() => findWorkdir(paths, { workdir: 'no/such' })).toThrow(/workdir "no\/such" is no folder of the repository/);
});

test.each<[string, string[], string, string[]]>([
  [
    'a folder for tools, docs or examples is chosen if there is no other',
    ['README.md', 'tools/package.json'],
    'tools',
    ['the project is taken to be in tools; no other folder has a manifest; set workdir to choose another folder'],
  ],
  [
    'code at the root is chosen if it has tests',
    ['main.py', 'tests/test_main.py', 'web/package.json'],
    '',
    [
      'the project is taken to be at the root, where main.py is; web has a manifest, too; set workdir to choose another folder',
    ],
  ],
  [
    'code at the root that make builds is chosen',
    ['Makefile', 'main.c', 'bindings/py/setup.py'],
    '',
    [
      'the project is taken to be at the root, where main.c is; bindings/py has a manifest, too; set workdir to choose another folder',
    ],
  ],
  [
    'one script at the root is no project',
    ['deploy.py', 'web/package.json'],
    'web',
    [
      'the project is taken to be in web; deploy.py at the root is not part of it; set workdir to choose another folder',
    ],
  ],
])('R5: %s, and a note names the other folders', (_, paths, workdir, notes) => {
  expect(findWorkdir(paths, {})).toEqual({ workdir, notes });
});

test('R15: the folder of repository.path is the working folder unless workdir names another one', () => {
  const paths = ['package.json', 'backend/package.json', 'web/package.json'];
  const { workdir, notes } = findWorkdir(paths, { given: 'backend' });
  expect(workdir).toBe('backend');
  expect(notes).toEqual([
    'the project is taken to be in backend, the folder that repository.path names; set workdir to choose another folder',
  ]);
  expect(findWorkdir(paths, { given: 'backend', workdir: '.' })).toEqual({ workdir: '', notes: [] });
});

const TWO_MEMBERS = {
  'packages/a/package.json': js({ dependencies: { '@corp/b': '1.0.0' } }),
  'packages/b/package.json': JS,
};
test.each<[string, Files, string, string]>([
  [
    'npm',
    { ...TWO_MEMBERS, 'package.json': '{"workspaces":["packages/*"]}', 'package-lock.json': '{}' },
    'packages/a',
    'npm in "": npm ci',
  ],
  [
    'yarn with a table of patterns',
    {
      ...TWO_MEMBERS,
      'package.json': '{"workspaces":{"packages":["./packages/**"]}}',
      'yarn.lock': '# yarn lockfile v1\n',
    },
    'packages/a',
    'yarn in "": yarn install',
  ],
  [
    'pnpm',
    {
      ...TWO_MEMBERS,
      'package.json': '{}',
      'pnpm-workspace.yaml': "packages:\n  # all\n  - 'packages/*'\n  - '!packages/old'\n",
    },
    'packages/a',
    'pnpm in "": pnpm install',
  ],
  [
    'pnpm whose list is in the flow form, over lines and with marks of YAML',
    {
      ...TWO_MEMBERS,
      'package.json': '{}',
      'pnpm-workspace.yaml': 'catalog: {}\n"packages": [\n  !!str "packages/*", # all\n  ]\n',
    },
    'packages/a',
    'pnpm in "": pnpm install',
  ],
  [
    'bun below the root of the tree',
    {
      'js/package.json': '{"workspaces":["a","b"]}',
      'js/bun.lock': '',
      'js/a/package.json': JS,
      'js/b/package.json': JS,
    },
    'js/a',
    'bun in "js": bun install',
  ],
  [
    'uv',
    {
      'pyproject.toml': '[tool.uv.workspace]\nmembers = ["libs/*"]\n',
      ...{ 'uv.lock': '', 'libs/a/pyproject.toml': PY },
    },
    'libs/a',
    'uv in "": uv sync --locked --all-packages',
  ],
  ['go', { 'go.work': 'use ./a // it\n', 'a/go.mod': 'module a\n' }, 'a', 'go in "": go mod download'],
  [
    'cargo',
    { 'Cargo.toml': '[workspace]\nmembers = ["a"]\n', 'Cargo.lock': '', 'a/Cargo.toml': '[package]\nname = "a"\n' },
    'a',
    'cargo in "": cargo fetch --locked',
  ],
])('R5: a member of a workspace of %s is installed from its root', (_, files, workdir, expected) => {
  const { steps, notes, ...project } = derive(files, workdir);
  expect(project.workdir).toBe(workdir);
  expect(steps.map(({ manager, folder, plan }) => `${manager} in "${folder}": ${plan.command.join(' ')}`)).toEqual([
    expect.stringContaining(expected),
  ]);
  expect(notes).toEqual([expect.stringMatching(/is a member of a workspace: \w+ installs from (the root|js)/)]);
  // No attempt may ask a registry for the other members.
  expect(steps.flatMap(({ plan }) => plan.attempts.flatMap(({ commands }) => commands.flat()))).not.toContain('-e');
});

test.each<[string, Files, string]>([
  [
    'left out by a pattern',
    { ...TWO_MEMBERS, 'package.json': '{"workspaces":["packages/*","!packages/a"]}' },
    'packages/a',
  ],
  ['not named', { ...TWO_MEMBERS, 'package.json': '{"workspaces":["packages/b"]}' }, 'packages/a'],
  ['below a manifest without workspaces', { ...TWO_MEMBERS, 'package.json': '{}' }, 'packages/a'],
  ['left out by cargo', { 'Cargo.toml': '[workspace]\nexclude = ["a"]\n', 'a/Cargo.toml': '[package]\n' }, 'a'],
  ['below manifests that no one can read', { ...TWO_MEMBERS, 'package.json': '{', 'Cargo.toml': '[[' }, 'packages/a'],
])('R5: a folder that is %s is installed alone', (_, files, workdir) => {
  expect(derive(files, workdir).steps.map(({ folder }) => folder)).toEqual([workdir]);
});
