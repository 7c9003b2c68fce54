/**
 * yarn: the lock of its first version; that of later ones has no reader. Pure.
 */
import type { LockEntry } from '../manifests/lock-entry';
import type { PackageManager } from './manager';

export const yarn = {
  name: 'yarn',
  ecosystem: 'npm',
  programs: ['yarn'],
  setup: [],
  manifests: [],
  locks: { 'yarn.lock': readYarnLock },
  installed: ['node_modules'],
} satisfies PackageManager;

/** Blocks of `name@spec, name@spec:` and indented `version`, `resolved`, `integrity`. */
function readYarnLock(text: string): LockEntry[] | undefined {
  if (/^__metadata:/m.test(text)) return undefined;
  return text.split(/\n(?=\S)/).flatMap((block) => {
    const name = /^"?((?:@[^/@\s]+\/)?[^@"\s]+)@/.exec(block)?.[1];
    const version = /^ {2}version "?([^"\n]+)"?$/m.exec(block)?.[1];
    if (name === undefined || version === undefined || block.startsWith('#')) return [];
    const integrity = /^ {2}integrity "?([^"\n]+)"?$/m.exec(block)?.[1] ?? null;
    const source = /^ {2}resolved "?(git|.*\.git#)/m.test(block) ? 'other' : 'registry';
    return [{ name, version, integrity, source, place: '' }];
  });
}
