/**
 * The package manager bundler, for Ruby. Pure data.
 */
import type { PackageManager } from './manager';

export const bundler = {
  name: 'bundler',
  ecosystem: null,
  programs: [],
  setup: [/^Gemfile(\.lock)?$/],
  manifests: [],
  locks: {},
  installed: ['vendor'],
} satisfies PackageManager;
