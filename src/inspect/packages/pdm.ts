/**
 * The package manager pdm. Only the gate for dependencies reads its lock file. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import type { PackageManager } from './manager';

export const pdm = {
  name: 'pdm',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [],
  locks: { 'pdm.lock': readPythonLock },
  installed: ['__pypackages__'],
  onlyGates: true,
} satisfies PackageManager;
