/**
 * The package manager pip: requirements files, pyproject.toml, and the files of setuptools, which have no reader. Pure data.
 */
import { readPyproject, readRequirements } from '../manifests/python';
import { readPythonProject } from '../project/python-project';
import type { InstallPlan, ProjectTree } from './install';
import { pipAttempts, pythonPlan } from './python';
import type { PackageManager } from './manager';

const REQUIREMENTS = /(^|\/)(requirements[^/]*\.(txt|in)|requirements\/[^/]+\.(txt|in)|constraints[^/]*\.txt)$/;

export const pip = {
  name: 'pip',
  ecosystem: 'pypi',
  programs: [],
  setup: [/^(requirements|constraints)[^/]*\.txt$/, /^pyproject\.toml$/, /^setup\.cfg$/],
  manifests: [
    { files: REQUIREMENTS, read: readRequirements },
    { files: /(^|\/)pyproject\.toml$/, read: readPyproject },
    { files: /(^|\/)setup\.(py|cfg)$/ },
  ],
  locks: {},
  installed: ['venv', '.venv'],
  install: { language: 'python', plan },
} satisfies PackageManager;

/** If no file asks for packages, the step installs only pytest and its plugins, and its failure is only noted. */
function plan(project: ProjectTree): InstallPlan | undefined {
  const found = readPythonProject(project);
  if (found.needed.length + found.wanted.length + found.undeclared.length === 0) return undefined;
  const hasNoRequirements = found.needed.length + found.wanted.length === 0;
  return pythonPlan(project, { attempts: pipAttempts(found), lock: null, optional: hasNoRequirements });
}
