// @ts-check
/**
 * Adds the reporter to vitest by its flag. The flag replaces the reporters of the project's settings, so the reporter adds these
 * again (vitest.mjs).
 */
'use strict';
const { join } = require('node:path');

exports.start = function start() {
  const words = process.argv.slice(2);
  if (words.some((word) => /^(list|init|--help|-h|--version|-v|--merge-reports.*|--mergeReports.*)$/.test(word)))
    return;
  process.argv.push(`--reporter=${join(__dirname, 'vitest.mjs')}`);
};
