/**
 * Finds errors that code catches and does not report. Usual code has such places, too, so the findings are notes that do
 * not stop a build. Pure.
 */
import type { HarmRule } from './rule';

const SILENT = {
  does: 'lets an error pass in silence',
  why: 'the caller believes that it worked',
  isNote: true,
} as const;

export const SWALLOWED: readonly HarmRule[] = [
  {
    ...{ ...SILENT, in: ['python'] },
    pattern: /(?<![\w.])(?:contextlib\.)?suppress\(\s{0,9}[A-Z]|\bexcept\b[^:\n]{0,120}:\s{0,80}pass\b/g,
  },
  {
    ...{ ...SILENT, in: ['script', 'braces', 'php'] },
    pattern:
      /\bcatch\s{0,9}(?:\([^()\n]{0,120}\)\s{0,9})?\{\s{0,80}\}|\.catch\(\s{0,9}\(\s{0,9}\w{0,20}\s{0,9}\)\s{0,9}=>\s{0,9}(?:\{\s{0,20}\}|undefined|null|void 0)\s{0,9}\)/g,
  },
];
