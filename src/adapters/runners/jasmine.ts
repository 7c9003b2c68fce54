/**
 * Describes jasmine, also inside karma: its settings, and how to read its summary.
 */
import { sumOf } from '../../inspect/test-output/dialect';
import { onOneLine, summaryDialect } from '../../inspect/test-output/summaries';
import type { Runner } from './runner';

export const jasmineRunner = {
  name: 'jasmine',
  byFile: ['npx', 'jasmine'],
  settings: [
    /(^|\/)(jasmine[^/]*\.(json|[cm]?js)|karma\.conf\.[^/]+|karma[^/]*\.config\.[^/]+|cypress[^/]*\.config\.[^/]+)$/,
  ],
  dialect: summaryDialect({
    runner: 'jasmine',
    // `3 specs, 1 failure, 1 pending spec`
    counts: onOneLine(/^(\d+) specs?, (\d+) failures?(?:, (\d+) pending specs?)?$/, ([, all, failed, pending = '0']) =>
      sumOf(Number(all) - Number(failed) - Number(pending), Number(failed), Number(pending)),
    ),
    failing: /^\d+\) (.+)$/,
  }),
} as const satisfies Runner;
