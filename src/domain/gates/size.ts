/**
 * Gate `size`: a change that somebody can still read.
 */
import type { ChangeFacts } from './facts';
import { verdict } from './verdict';
import type { GateVerdict } from './verdict';

const SIZE_LIMITS = { files: 400, addedLines: 20_000, binaryBytes: 1024 * 1024 };

/** Locks are written by package managers: their lines do not count. */
export function judgeSize({ files, locks }: Pick<ChangeFacts, 'files' | 'locks'>, limits = SIZE_LIMITS): GateVerdict {
  const written = new Set(locks);
  const reasons: string[] = [];
  if (files.length > limits.files) reasons.push(`${files.length} files changed; at most ${limits.files} may`);
  const lines = files.filter(({ path }) => !written.has(path)).reduce((sum, { added }) => sum + added, 0);
  if (lines > limits.addedLines) reasons.push(`${lines} lines added; at most ${limits.addedLines} may be`);
  for (const { path, binary, bytes } of files) {
    if (binary && bytes > limits.binaryBytes)
      reasons.push(`${path} is binary and has ${bytes} bytes; at most ${limits.binaryBytes} may be`);
  }
  return verdict('size', reasons);
}
