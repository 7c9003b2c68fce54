/**
 * uv: its lock. Pure data.
 */
import { readPythonLock } from '../manifests/python';
import type { PackageManager } from './manager';

export const uv = {
  name: 'uv',
  ecosystem: 'pypi',
  programs: [],
  setup: [],
  manifests: [],
  locks: { 'uv.lock': readPythonLock },
  installed: ['.venv'],
} satisfies PackageManager;
