/**
 * The package manager uv, for projects with a uv.lock or a workspace of uv. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import { readPythonProject } from '../project/python-project';
import { VENV } from './install';
import type { InstallPlan, ProjectTree } from './install';
import { pipAttempts, pythonPlan } from './python';
import type { PackageManager } from './manager';
import { uvWorkspace } from './workspace-folder';

export const uv = {
  name: 'uv',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [],
  locks: { 'uv.lock': readPythonLock },
  installed: ['.venv'],
  install: { language: 'python', plan },
} satisfies PackageManager;

function plan(project: ProjectTree): InstallPlan | undefined {
  const isWorkspace = uvWorkspace(project.read('pyproject.toml')) !== undefined;
  const lock = project.has('uv.lock') ? 'uv.lock' : null;
  if (lock === null && !isWorkspace) return undefined;
  const found = readPythonProject(project);
  const extras = found.extras.flatMap((name) => ['--extra', name]);
  const allMembers = isWorkspace ? ['--all-packages'] : [];
  const sync = (lockOptions: string[]): string[] => [
    'uv',
    'sync',
    ...lockOptions,
    ...allMembers,
    '--all-groups',
    ...extras,
  ];
  const installUndeclared = found.undeclared.map((name) => [
    'uv',
    'pip',
    'install',
    '--python',
    `${VENV}/bin/python`,
    name,
  ]);
  const note = 'uv.lock does not fit pyproject.toml; installed without --locked';
  const unlocked = { commands: [sync([]), ...installUndeclared] };
  const attemptsByPip = pipAttempts(found).map((attempt) => ({
    note: 'uv could not install it; installed by pip',
    ...attempt,
  }));
  const attempts = [
    ...(lock === null
      ? [unlocked]
      : [
          { commands: [sync(['--locked']), ...installUndeclared] },
          { ...unlocked, when: /lockfile .*needs to be updated|--locked/, note },
        ]),
    // pip would look for the members of a workspace in the registry.
    ...(isWorkspace ? [] : attemptsByPip),
  ];
  const env = {
    ...{ UV_PROJECT_ENVIRONMENT: VENV, UV_LINK_MODE: 'copy', UV_PYTHON_DOWNLOADS: 'never', UV_COMPILE_BYTECODE: '1' },
    ...{ UV_CACHE_DIR: '/tmp/uv-cache', UV_NO_PROGRESS: '1' },
  };
  const tool = { name: 'uv', by: 'pip', onPath: true } as const;
  return pythonPlan(project, { attempts, lock, tool, env, isWorkspace });
}
