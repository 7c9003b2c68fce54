/**
 * poetry: its lock. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import type { PackageManager } from './manager';

export const poetry = {
  name: 'poetry',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [],
  locks: { 'poetry.lock': readPythonLock },
  installed: ['.venv'],
} satisfies PackageManager;
