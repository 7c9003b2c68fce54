/** Tests the answers of the system call filter for both processors, with a small interpreter of its instructions. */
import { seccompFilter } from '../../../src/adapters/sandbox/seccomp';

const ALLOW = 0x7fff0000;
const KILL = 0x80000000;
const EPERM = 0x00050001;
const ENOSYS = 0x00050026;
const EAFNOSUPPORT = 0x00050061;
const ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 };

/** Interprets the instructions of the kernel's machine that the filter uses: load, three tests, return. */
function runFilter(filter: Uint8Array, data: { arch: number; call: number; args?: Array<number | bigint> }): number {
  const memory = Buffer.alloc(64);
  memory.writeUInt32LE(data.call >>> 0, 0);
  memory.writeUInt32LE(data.arch, 4);
  (data.args ?? []).forEach((arg, index) => memory.writeBigUInt64LE(BigInt(arg), 16 + index * 8));
  const program = Buffer.from(filter);
  let accumulator = 0;
  for (let at = 0; ; at += 1) {
    const [code, ifTrue, ifFalse] = [program.readUInt16LE(at * 8), program[at * 8 + 2] ?? 0, program[at * 8 + 3] ?? 0];
    const value = program.readUInt32LE(at * 8 + 4);
    if (code === 0x06) return value;
    if (code === 0x20) accumulator = memory.readUInt32LE(value);
    else {
      const isTrue = { 0x15: accumulator === value, 0x25: accumulator > value, 0x45: (accumulator & value) !== 0 }[
        code
      ];
      if (isTrue === undefined) throw new Error(`unknown instruction ${code}`);
      at += isTrue ? ifTrue : ifFalse;
    }
  }
}

const x64 = (call: number, ...args: Array<number | bigint>) =>
  runFilter(seccompFilter('x64'), { arch: ARCH.x64, call, args });
const arm64 = (call: number, ...args: Array<number | bigint>) =>
  runFilter(seccompFilter('arm64'), { arch: ARCH.arm64, call, args });

test.each([
  ['read', x64(0), ALLOW],
  ['execve', x64(59), ALLOW],
  ['ptrace', x64(101), EPERM],
  ['mount', x64(165), EPERM],
  ['keyctl', x64(250), EPERM],
  ['clone3', x64(435), ENOSYS],
  ['io_uring_setup', x64(425), ENOSYS],
  ['a call newer than the list', x64(500), ENOSYS],
  ['a thread', x64(56, 0x003d0f00), ALLOW],
  ['a clone with a user namespace', x64(56, 0x10000011), EPERM],
  ['TIOCSTI', x64(16, 0, 0x5412), EPERM],
  ['TIOCSTI with bits that the kernel drops', x64(16, 0, 0x1_0000_5412n), EPERM],
  ['TIOCGWINSZ', x64(16, 0, 0x5413), ALLOW],
  ['the default personality', x64(135, 0), ALLOW],
  ['the question for the personality', x64(135, 0xffffffff), ALLOW],
  ['a personality without random addresses', x64(135, 0x40000), EPERM],
  ['TCP', x64(41, 2, 1, 0), ALLOW],
  ['a unix socket', x64(41, 1, 1, 0), ALLOW],
  ['routes by netlink', x64(41, 16, 3, 0), ALLOW],
  ['audit by netlink', x64(41, 16, 3, 9), EAFNOSUPPORT],
  ['raw packets', x64(41, 17, 3, 0), EAFNOSUPPORT],
  ['vsock', x64(41, 40, 1, 0), EAFNOSUPPORT],
  ['the x32 form of read', x64(0x40000000), KILL],
  ['a call of another processor', runFilter(seccompFilter('x64'), { arch: 0x40000003, call: 0 }), KILL],
  ['read on arm64', arm64(63), ALLOW],
  ['ptrace on arm64', arm64(117), EPERM],
  ['unshare on arm64', arm64(97), EPERM],
  ['a user namespace on arm64', arm64(220, 0x10000011), EPERM],
  ['vsock on arm64', arm64(198, 40, 1, 0), EAFNOSUPPORT],
])('%s', (_call, got, expected) => {
  expect(got).toBe(expected);
});
