/**
 * bun: its lock has no reader here. Pure data.
 */
import type { PackageManager } from './manager';

export const bun = {
  name: 'bun',
  ecosystem: 'npm',
  programs: ['bun'],
  setup: [/^bun\.lockb?$/],
  manifests: [],
  locks: {},
  installed: ['node_modules'],
} satisfies PackageManager;
