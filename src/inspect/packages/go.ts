/**
 * go: modules. Pure data.
 */
import type { PackageManager } from './manager';

export const go = {
  name: 'go',
  ecosystem: null,
  programs: [],
  setup: [/^go\.(mod|sum)$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
} satisfies PackageManager;
