// @ts-check
/**
 * A small process that starts others for a large one, which `start.ts` speaks to.
 *
 * Plain JavaScript, so that it runs as it is and stays small: a fork copies the page tables of whoever forks.
 */
'use strict';
const { spawn } = require('node:child_process');

/**
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {{ id: number, letGo?: undefined, file: string, args: string[], outlives: boolean,
 *   options: import('node:child_process').SpawnOptions, inputs: Record<number, string | Uint8Array> }} Start
 * @typedef {{ id: number, letGo: true }} LetGo
 */

/** @type {Map<number, { child: ChildProcess, outlives: boolean }>} */
const running = new Map();
/** @param {object} message */
const tell = (message) => process.connected && process.send?.(message);

/** @param {Start} order */
function start({ id, file, args, options, inputs, outlives }) {
  let child;
  try {
    child = spawn(file, args, options);
  } catch (error) {
    return tell({ id, failed: /** @type {Error} */ (error).message });
  }
  running.set(id, { child, outlives });
  child.on('error', (error) => tell({ id, failed: error.message }));
  child.on('exit', () => tell({ id, exited: true }));
  child.on('close', (code) => {
    running.delete(id);
    tell({ id, closed: true, code });
  });
  if (child.pid !== undefined) tell({ id, pid: child.pid });
  child.stdio.forEach((stream, fd) => {
    if (stream === null || stream === undefined) return;
    // It may end before it has read all of its input; its exit code says what happened.
    stream.on('error', () => undefined);
    if (inputs[fd] === undefined)
      stream.on('data', (chunk) => passOn(/** @type {import('node:stream').Readable} */ (stream), { id, fd, chunk }));
    else /** @type {import('node:stream').Writable} */ (stream).end(inputs[fd]);
  });
}

/**
 * One piece at a time: whoever writes faster than we are heard waits, as at a pipe, and is not kept here.
 *
 * @param {import('node:stream').Readable} stream
 * @param {object} message
 */
function passOn(stream, message) {
  if (!process.connected) return;
  stream.pause();
  process.send?.(message, () => stream.resume());
}

process.on('message', (/** @type {Start | LetGo} */ order) => {
  if (order.letGo === true) running.get(order.id)?.child.stdio.forEach((stream) => stream?.destroy());
  else start(order);
});
// It ends when whoever it works for has ended, however that was, and by nothing else; nobody is left who could end these.
process.on('disconnect', () => {
  for (const { child, outlives } of running.values()) if (!outlives) endGroup(child.pid);
  process.exit();
});

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it has ended already.
  }
}
