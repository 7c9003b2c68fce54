// @ts-check
/**
 * Preloaded into the API. On a message it collects garbage, and reports the memory in use and the longest blockage of the event loop
 * since the last report.
 */
'use strict';
const { monitorEventLoopDelay } = require('node:perf_hooks');

const delay = monitorEventLoopDelay({ resolution: 10 });
delay.enable();
// The listener for messages must not keep the program alive; see `unref` below.
process.on('message', () => {
  const worstStopMs = delay.max / 1e6;
  // Collects twice: the first collection runs finalizers, and only the second one frees their objects.
  global.gc?.();
  global.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  // Blockages by these collections do not count.
  setTimeout(() => {
    delay.reset();
    process.send?.({ bytes: heapUsed + external, worstStopMs });
  }, 50);
});
process.channel?.unref();
