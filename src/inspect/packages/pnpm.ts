/**
 * The package manager pnpm. Pure.
 */
import { readPnpmLock } from '../manifests/pnpm-lock';
import type { InstallPlan, ProjectTree, Tool } from './install';
import { javascriptPlan, javascriptProject } from './javascript';
import type { PackageManager } from './manager';

export const pnpm = {
  name: 'pnpm',
  ecosystem: 'npm',
  programs: ['pnpm'],
  setup: [/^pnpm-workspace\.yaml$/],
  manifests: [],
  locks: { 'pnpm-lock.yaml': readPnpmLock },
  installed: ['node_modules'],
  install: { language: 'javascript', plan },
} satisfies PackageManager;

function plan(project: ProjectTree): InstallPlan | undefined {
  const found = javascriptProject(project);
  if (found?.manager !== 'pnpm') return undefined;
  const noScripts = project.allowsScripts ? [] : ['--ignore-scripts'];
  const install = (frozenOption: string): string[] => ['pnpm', 'install', frozenOption, ...noScripts];
  const unlocked = { commands: [install('--no-frozen-lockfile')] };
  const note = 'pnpm-lock.yaml does not fit package.json; installed without --frozen-lockfile';
  const attempts =
    found.lock === null
      ? [unlocked]
      : [
          { commands: [install('--frozen-lockfile')] },
          { ...unlocked, when: /ERR_PNPM_(?:OUTDATED_LOCKFILE|LOCKFILE|FROZEN_LOCKFILE|NO_LOCKFILE)/, note },
        ];
  const env = { npm_config_store_dir: '/tmp/pnpm-store', npm_config_confirm_modules_purge: 'false' };
  // Without network, a run can neither install anew nor fetch another version of pnpm.
  const runEnv = {
    ...{ npm_config_verify_deps_before_run: 'false', pnpm_config_verify_deps_before_run: 'false' },
    npm_config_manage_package_manager_versions: 'false',
  };
  return javascriptPlan(project, { attempts, env, lock: found.lock, tool: toolOf(project, found.version), runEnv });
}

/** Chooses the declared version of pnpm, or else the one that writes the format of the lock file. */
function toolOf(project: ProjectTree, declaredVersion: string | undefined): Tool {
  const format = /^lockfileVersion: '?(\d+)/m.exec(project.read('pnpm-lock.yaml') ?? '')?.[1];
  const version = declaredVersion ?? { '5': '7', '6': '8' }[format ?? ''] ?? '10';
  return { name: 'pnpm', version, by: 'npm', onPath: false };
}
