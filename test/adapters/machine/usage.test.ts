/** Tests the measurement of processes that hide what they use. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { namelessBytes, processUse } from '../../../src/adapters/machine/usage';

const MEGABYTE = 1024 ** 2;
/** A program whose first thread ends by the bare system call. Its other thread holds 64 MB of memory and a deleted file of 8 MB open. */
const HEADLESS = `
import ctypes, os, platform, tempfile, threading, time
def hold():
    kept = bytearray(b'x' * (64 << 20))
    nameless = tempfile.TemporaryFile()
    nameless.write(b'x' * (8 << 20)); nameless.flush(); os.fsync(nameless.fileno())
    time.sleep(0.2)
    print('held', flush=True)
    time.sleep(60)
threading.Thread(target=hold).start()
ctypes.CDLL(None).syscall(60 if platform.machine() == 'x86_64' else 93, 0)
`;

test('memory and deleted files of a process whose first thread has ended are counted', async () => {
  const child = spawn('python3', ['-c', HEADLESS], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    await once(child.stdout, 'data');
    const pids = [String(child.pid)];
    expect(processUse(pids).memoryBytes).toBeGreaterThan(64 * MEGABYTE);
    expect(await namelessBytes(pids)).toBeGreaterThanOrEqual(8 * MEGABYTE);
  } finally {
    child.kill('SIGKILL');
  }
});
