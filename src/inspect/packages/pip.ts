/**
 * pip: requirements files, pyproject.toml, and the settings of setuptools, which have no reader. Pure data.
 */
import { readPyproject, readRequirements } from '../manifests/python';
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
} satisfies PackageManager;
