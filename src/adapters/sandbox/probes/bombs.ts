/**
 * Probes that take too much. Each is small, and meets limits that are smaller still, so that all take a moment.
 *
 * A bomb that is held is killed or refused before it can say that it survived.
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
/** Long enough for the watch of a machine that is busy, in seconds. What is held is ended long before. */
const LINGER_S = 4;
/** For a bomb that was not stopped in that time: the watch may have had no turn on a machine that is busier still. */
export const LONG_LINGER_S = 15;

/** Where every run has the worker's own user, the worker and Temporal begin threads meanwhile, which count, too. */
const PROCESSES = process.getuid?.() === 0 ? 32 : 200;

export function bombs(lingerS = LINGER_S): Bomb[] {
  const survive = `sleep ${lingerS}; echo survived`;
  const make = 'i=0; while [ $i -lt 600 ]; do : > f$i; i=$((i+1)); done;';
  const fork = `i=0; while [ $i -lt ${PROCESSES + 48} ]; do sleep 4 & i=$((i+1)); done; echo survived`;
  const allocate = `const all = Buffer.alloc(${200 * MEGABYTE}, 1); setTimeout(() => console.log('survived', all.length), ${lingerS * 1000});`;
  // 2,800 sockets: more than what a test of a server has for nothing. On a busy machine they take their time: only once all are
  // there do they have to be stopped.
  const connect = `const net = require('net'); let open = 0; const survive = () => { console.log('survived'); process.exit(); };
  const server = net.createServer(() => { if (++open === 1400) setTimeout(survive, ${lingerS * 1000}); }).listen(0, '127.0.0.1', () => {
    for (let n = 0; n < 1400; n++) net.connect(server.address().port, '127.0.0.1').on('error', () => undefined);
    setTimeout(() => open < 1400 && process.exit(), 10_000); });`;
  const bomb = (probe: string, limits: Partial<SandboxLimits>, command: string[]): Bomb => ({
    ...{ probe, from: 'shell', limits, command, timeoutMs: 11_000 + lingerS * 1_000 },
  });
  return [
    bomb('a fork bomb', { processes: PROCESSES }, sh(fork)),
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
    bomb('a flood of files', { diskFiles: 200 }, sh(`${make} ${survive}`)),
    bomb('a flood of files in shared memory', { diskFiles: 200 }, sh(`cd /dev/shm; ${make} ${survive}; rm -f f*`)),
    { ...bomb('data in sockets', { memoryBytes: 300 * MEGABYTE }, ['node', '-e', connect]), from: 'node' },
    bomb('a flood of output', { outputBytes: 1_024 }, sh(`head -c 3000000 /dev/zero; ${survive}`)),
    { ...bomb('memory without end', { memoryBytes: 120 * MEGABYTE }, ['node', '-e', allocate]), from: 'node' },
  ];
}
