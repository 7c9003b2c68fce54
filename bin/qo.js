#!/usr/bin/env node
// The command line from a clone, without a build step: `npx qo verify record.json`.
require('tsx/cjs');
require('../src/programs/cli/main.ts');
