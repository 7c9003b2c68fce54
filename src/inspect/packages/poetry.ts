/**
 * The package manager poetry, for projects with a poetry.lock. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import { readPythonProject } from '../project/python-project';
import type { InstallPlan, ProjectTree } from './install';
import { PIP_INSTALL, pipAttempts, pythonPlan, VENV_COMMAND } from './python';
import type { PackageManager } from './manager';

export const poetry = {
  name: 'poetry',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [],
  locks: { 'poetry.lock': readPythonLock },
  installed: ['.venv'],
  install: { language: 'python', plan },
} satisfies PackageManager;

/** Without a lock file, pip installs from the same pyproject.toml. */
function plan(project: ProjectTree): InstallPlan | undefined {
  if (!project.has('poetry.lock')) return undefined;
  const found = readPythonProject(project);
  const extras = found.extras.flatMap((name) => ['--extras', name]);
  const install = ['poetry', 'install', '--no-interaction', ...extras];
  const installUndeclared = found.undeclared.length === 0 ? [] : [[...PIP_INSTALL, ...found.undeclared]];
  const withNewLock = {
    commands: [[...VENV_COMMAND, '--clear'], ['poetry', 'lock', '--no-interaction'], install, ...installUndeclared],
  };
  const note = 'poetry.lock does not fit pyproject.toml; it was made anew for the tests';
  const attempts = [
    { commands: [VENV_COMMAND, install, ...installUndeclared] },
    { ...withNewLock, when: /changed significantly|not up to date|poetry lock/, note },
    ...pipAttempts(found).map((attempt) => ({ note: 'poetry could not install it; installed by pip', ...attempt })),
  ];
  const env = { POETRY_VIRTUALENVS_CREATE: 'false', POETRY_CACHE_DIR: '/tmp/poetry-cache', POETRY_NO_ANSI: '1' };
  const tool = { name: 'poetry', by: 'pip', onPath: true } as const;
  return pythonPlan(project, { attempts, lock: 'poetry.lock', tool, env });
}
