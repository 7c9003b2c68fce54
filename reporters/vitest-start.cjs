// @ts-check
/**
 * vitest: its own flag for reporters. The reporter then brings in those of the project's settings, which the flag replaces.
 */
'use strict';
const { join } = require('node:path');

exports.start = function start() {
  const words = process.argv.slice(2);
  if (words.some((word) => /^(list|init|--help|-h|--version|-v|--merge-reports.*|--mergeReports.*)$/.test(word)))
    return;
  process.argv.push(`--reporter=${join(__dirname, 'vitest.mjs')}`);
};
