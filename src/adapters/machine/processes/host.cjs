// @ts-check
/**
 * Runs as a small process that starts programs for the worker. `start.ts` sends it messages.
 *
 * Plain JavaScript, so that it needs no compiler and stays small: a fork copies the page tables of the process that forks.
 */
'use strict';
const { spawn } = require('node:child_process');

/**
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 * @typedef {{ id: number, letGo?: undefined, file: string, args: string[], outlives: boolean,
 *   options: import('node:child_process').SpawnOptions, inputs: Record<number, string | Uint8Array> }} Start
 * @typedef {{ id: number, letGo: true }} LetGo Closes this side of the program's descriptors; the program runs on.
 */

/** Running programs, by the id of their order. @type {Map<number, { child: ChildProcess, outlives: boolean }>} */
const runningPrograms = new Map();
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
  runningPrograms.set(id, { child, outlives });
  child.on('error', (error) => tell({ id, failed: error.message }));
  child.on('exit', () => tell({ id, exited: true }));
  child.on('close', (code) => {
    runningPrograms.delete(id);
    tell({ id, closed: true, code });
  });
  if (child.pid !== undefined) tell({ id, pid: child.pid });
  child.stdio.forEach((stream, fd) => {
    if (stream === null || stream === undefined) return;
    // The program may end before it has read all of its input. Its exit code shows what happened.
    stream.on('error', () => undefined);
    if (inputs[fd] === undefined)
      stream.on('data', (chunk) => passOn(/** @type {import('node:stream').Readable} */ (stream), { id, fd, chunk }));
    else /** @type {import('node:stream').Writable} */ (stream).end(inputs[fd]);
  });
}

/**
 * Sends one chunk to the worker and reads the next one only after that. So a program that writes too fast waits, as at a pipe, and its
 * output does not fill this process.
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
  if (order.letGo === true) runningPrograms.get(order.id)?.child.stdio.forEach((stream) => stream?.destroy());
  else start(order);
});
// The worker has ended, in whatever way. This process ends with it, and ends the programs first, because no other process would.
process.on('disconnect', () => {
  for (const { child, outlives } of runningPrograms.values()) if (!outlives) endGroup(child.pid);
  process.exit();
});

/** @param {number | undefined} pid */
function endGroup(pid) {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The whole group has ended already.
  }
}
