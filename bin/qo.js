#!/usr/bin/env node
// @ts-check
// The command line from a clone, without a build step: `npx qo verify record.json`.
// @ts-expect-error: tsx types none of its entry points for CommonJS
require('tsx/cjs');
require('../src/programs/cli/main.ts');
