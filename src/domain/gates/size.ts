/**
 * Gate `size`: the change is small enough for a person to read.
 */
import type { ChangeFacts } from './facts';
import type { Gate, GateResult } from './gate';

const SIZE_LIMITS = { files: 400, addedLines: 20_000, binaryBytes: 1024 * 1024 };

export const size = {
  name: 'size',
  phase: ['verification'],
  judges: ['change'],
  page: {
    expected: `The change has at most ${SIZE_LIMITS.files} files and ${SIZE_LIMITS.addedLines} added lines, and no large binary file.`,
    helps: 'Split the change, and leave generated and binary files out of it.',
  },
  judge,
} as const satisfies Gate<'change'>;

/** Lines of lock files do not count, since package managers write them. */
function judge({ files, locks }: ChangeFacts): GateResult {
  const lockPaths = new Set(locks);
  const reasons: string[] = [];
  if (files.length > SIZE_LIMITS.files) reasons.push(`${files.length} files changed; at most ${SIZE_LIMITS.files} may`);
  const lines = files.filter(({ path }) => !lockPaths.has(path)).reduce((sum, { added }) => sum + added, 0);
  if (lines > SIZE_LIMITS.addedLines) reasons.push(`${lines} lines added; at most ${SIZE_LIMITS.addedLines} may be`);
  for (const { path, binary, bytes } of files) {
    if (binary && bytes > SIZE_LIMITS.binaryBytes)
      reasons.push(`${path} is binary and has ${bytes} bytes; at most ${SIZE_LIMITS.binaryBytes} may be`);
  }
  return { reasons };
}
