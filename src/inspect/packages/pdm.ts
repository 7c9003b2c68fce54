/**
 * pdm: its lock is read by the gate of the dependencies alone. Pure data.
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
