// @ts-check
/** Every node process of a test run loads this first. Deno reads NODE_OPTIONS, too, but may not read these files: it loads nothing. */
'use strict';
if (!('Deno' in globalThis)) require('./find-runner.cjs');
