/**
 * The package manager pipenv. Its manifest and its lock have no reader. Pure data.
 */
import type { PackageManager } from './manager';

export const pipenv = {
  name: 'pipenv',
  ecosystem: 'pypi',
  programs: [],
  setup: [/^Pipfile(\.lock)?$/],
  manifests: [{ files: /(^|\/)Pipfile$/ }],
  locks: {},
  installed: ['.venv'],
} satisfies PackageManager;
