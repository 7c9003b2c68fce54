/**
 * cargo: the packages of Rust. Pure data.
 */
import type { PackageManager } from './manager';

export const cargo = {
  name: 'cargo',
  ecosystem: null,
  programs: [],
  setup: [/^Cargo\.(toml|lock)$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
} satisfies PackageManager;
