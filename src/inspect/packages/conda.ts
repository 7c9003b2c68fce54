/**
 * The package manager conda. Its manifest has no reader. Pure data.
 */
import type { PackageManager } from './manager';

export const conda = {
  name: 'conda',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [{ files: /(^|\/)environment\.ya?ml$/ }],
  locks: {},
  installed: [],
} satisfies PackageManager;
