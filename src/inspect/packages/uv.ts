/**
 * uv: its lock. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import { readPythonProject } from '../project/python-project';
import { VENV } from './install';
import type { InstallPlan, ProjectTree } from './install';
import { pipAttempts, pythonPlan } from './python';
import type { PackageManager } from './manager';

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
  if (!project.has('uv.lock')) return undefined;
  const found = readPythonProject(project);
  const extras = found.extras.flatMap((name) => ['--extra', name]);
  const sync = (frozen: string[]): string[] => ['uv', 'sync', ...frozen, '--all-groups', ...extras];
  const add = found.undeclared.map((name) => ['uv', 'pip', 'install', '--python', `${VENV}/bin/python`, name]);
  const note = 'uv.lock does not fit pyproject.toml; installed without --locked';
  const attempts = [
    { commands: [sync(['--locked']), ...add] },
    { commands: [sync([]), ...add], when: /lockfile .*needs to be updated|--locked/, note },
    ...pipAttempts(found).map((attempt) => ({ note: 'uv could not install it; installed by pip', ...attempt })),
  ];
  const env = {
    ...{ UV_PROJECT_ENVIRONMENT: VENV, UV_LINK_MODE: 'copy', UV_PYTHON_DOWNLOADS: 'never', UV_COMPILE_BYTECODE: '1' },
    ...{ UV_CACHE_DIR: '/tmp/uv-cache', UV_NO_PROGRESS: '1' },
  };
  const tool = { name: 'uv', by: 'pip', onPath: true } as const;
  return pythonPlan(project, { attempts, lock: 'uv.lock', tool, env });
}
