// @ts-check
/** Loaded first into every node process of a test run. Deno takes NODE_OPTIONS, too, and may read no file here: it is left alone. */
'use strict';
if (!('Deno' in globalThis)) require('./find-runner.cjs');
