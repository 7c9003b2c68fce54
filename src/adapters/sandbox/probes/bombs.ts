/**
 * Lists probes ("bombs") that exceed a limit. Each runs with very small limits, so that all of them end quickly.
 *
 * A working sandbox kills a bomb, or refuses it resources, before it prints `survived`.
 */
import type { SandboxLimits } from '../limits';

export interface Bomb {
  probe: string;
  from: 'node' | 'shell';
  limits: Partial<SandboxLimits>;
  command: string[];
  timeoutMs: number;
}

const MEGABYTE = 1024 ** 2;
const sh = (script: string): string[] => ['sh', '-c', script];
/** A bomb waits for so many seconds before it prints `survived`: long enough for the watch on a busy machine. */
const WAIT_S = 4;
/** The wait of the second try of a bomb: on a very busy machine the watch may not run within the first wait. */
export const LONG_WAIT_S = 15;

/** Larger if all runs have the worker's own user: threads that the worker and Temporal start meanwhile count, too. */
const MAX_PROCESSES = process.getuid?.() === 0 ? 32 : 200;

export function bombs(waitS = WAIT_S): Bomb[] {
  const survive = `sleep ${waitS}; echo survived`;
  const makeFiles = 'i=0; while [ $i -lt 600 ]; do : > f$i; i=$((i+1)); done;';
  const fork = `i=0; while [ $i -lt ${MAX_PROCESSES + 48} ]; do sleep 4 & i=$((i+1)); done; echo survived`;
  const allocate = `const all = Buffer.alloc(${200 * MEGABYTE}, 1); setTimeout(() => console.log('survived', all.length), ${waitS * 1000});`;
  // It opens 2,800 sockets, more than the watch allows without counting them. On a busy machine this takes time, so the wait
  // begins when all are open.
  const connect = `const net = require('net'); let open = 0; const survive = () => { console.log('survived'); process.exit(); };
  const server = net.createServer(() => { if (++open === 1400) setTimeout(survive, ${waitS * 1000}); }).listen(0, '127.0.0.1', () => {
    for (let n = 0; n < 1400; n++) net.connect(server.address().port, '127.0.0.1').on('error', () => undefined);
    setTimeout(() => open < 1400 && process.exit(), 10_000); });`;
  const bomb = (probe: string, limits: Partial<SandboxLimits>, command: string[]): Bomb => ({
    ...{ probe, from: 'shell', limits, command, timeoutMs: 11_000 + waitS * 1_000 },
  });
  return [
    bomb('a fork bomb', { processes: MAX_PROCESSES }, sh(fork)),
    bomb('a large file', { fileBytes: MEGABYTE }, sh('head -c 3000000 /dev/zero > big && echo survived')),
    bomb(
      'a flood in /tmp',
      { tmpBytes: MEGABYTE },
      sh('head -c 3000000 /dev/zero > /tmp/q-bomb && echo survived; rm /tmp/q-bomb'),
    ),
    bomb(
      'a flood in shared memory',
      { tmpBytes: MEGABYTE },
      sh('head -c 3000000 /dev/zero > /dev/shm/q-bomb && echo survived; rm /dev/shm/q-bomb'),
    ),
    bomb('a flood on disk', { diskBytes: 4 * MEGABYTE }, sh(`head -c 12000000 /dev/zero > a; ${survive}`)),
    bomb('a flood of files', { diskFiles: 200 }, sh(`${makeFiles} ${survive}`)),
    bomb('a flood of files in shared memory', { diskFiles: 200 }, sh(`cd /dev/shm; ${makeFiles} ${survive}; rm -f f*`)),
    { ...bomb('data in sockets', { memoryBytes: 300 * MEGABYTE }, ['node', '-e', connect]), from: 'node' },
    bomb('a flood of output', { outputBytes: 1_024 }, sh(`head -c 3000000 /dev/zero; ${survive}`)),
    { ...bomb('memory without end', { memoryBytes: 120 * MEGABYTE }, ['node', '-e', allocate]), from: 'node' },
  ];
}
