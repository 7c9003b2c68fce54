/**
 * The package manager composer, for PHP. Pure data.
 */
import type { PackageManager } from './manager';

export const composer = {
  name: 'composer',
  ecosystem: null,
  programs: [],
  setup: [/^composer\.(json|lock)$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
} satisfies PackageManager;
