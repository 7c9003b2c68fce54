// @ts-check
/**
 * Preloaded into the API: on request it collects garbage and says what it holds, and how long its event loop stood still since the last time.
 */
'use strict';
const { monitorEventLoopDelay } = require('node:perf_hooks');

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
// Listening must not keep the program alive.
process.on('message', () => {
  const worstStopMs = delay.max / 1e6;
  // Twice: the first one runs finalizers, whose objects only the second one takes.
  global.gc?.();
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  // The collections are not the API's own stops.
  setTimeout(() => {
    delay.reset();
    process.send?.({ bytes: heapUsed + external, worstStopMs });
  }, 50);
});
process.channel?.unref();
