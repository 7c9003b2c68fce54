/**
 * Assembles the filter of system calls for the kernel's BPF machine (seccomp(2), linux/filter.h).
 *
 * Each rule is a test followed by its return, so a jump never exceeds one block of instructions.
 */
import { callsOf, NEWEST } from './syscalls';
import type { Processor } from './syscalls';

type Instruction = [code: number, ifTrue: number, ifFalse: number, value: number];

const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_GREATER = 0x25;
const IF_BITS = 0x45;
const RETURN = 0x06;

const KILL = 0x80000000;
const ALLOW = 0x7fff0000;
const errno = (number: number): number => 0x00050000 | number;
const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** Offsets in `struct seccomp_data`. Arguments have 64 bits; for the calls here the kernel uses only the low half. */
const CALL = 0;
const PROCESSOR = 4;
const argument = (index: number): number => 16 + index * 8;

const AUDIT_ARCH = { x64: 0xc000003e, arm64: 0xc00000b7 } as const;
/** Marks the x32 calling convention of x86-64, in which calls have other numbers. */
const X32_BIT = 0x40000000;
/** NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET. */
const CLONE_NAMESPACES = 0x7e020000;
/** ioctl requests that put characters into a terminal as if a person had typed them. */
const TERMINAL_INPUT = [0x5412, 0x541c];
const AF = { unix: 1, inet: 2, inet6: 10, netlink: 16 } as const;

export function isProcessor(name: string): name is Processor {
  return name === 'x64' || name === 'arm64';
}

export function seccompFilter(processor: Processor): Uint8Array {
  const calls = callsOf(processor);
  return encode([
    ...[load(PROCESSOR), ...unless(IF_EQUAL, AUDIT_ARCH[processor], KILL), load(CALL)],
    ...when(IF_BITS, X32_BIT, KILL),
    ...when(IF_GREATER, NEWEST, errno(ENOSYS)),
    ...calls.refused.flatMap((number) => when(IF_EQUAL, number, errno(EPERM))),
    ...calls.absent.flatMap((number) => when(IF_EQUAL, number, errno(ENOSYS))),
    ...block(calls.clone, [load(argument(0)), ...when(IF_BITS, CLONE_NAMESPACES, errno(EPERM))]),
    ...block(calls.ioctl, [
      load(argument(1)),
      ...TERMINAL_INPUT.flatMap((request) => when(IF_EQUAL, request, errno(EPERM))),
    ]),
    ...block(calls.personality, [
      load(argument(0)),
      // Allowed are the question for the current personality (0xffffffff) and the default one (0).
      ...when(IF_EQUAL, 0xffffffff, ALLOW),
      ...unless(IF_EQUAL, 0, errno(EPERM)),
    ]),
    ...block(calls.socket, socketRules()),
    [RETURN, 0, 0, ALLOW],
  ]);
}

/** Allows IP and Unix sockets, and netlink only for routes: libraries list network interfaces by it. */
function socketRules(): Instruction[] {
  return [
    load(argument(0)),
    ...when(IF_EQUAL, AF.inet, ALLOW),
    ...when(IF_EQUAL, AF.inet6, ALLOW),
    ...when(IF_EQUAL, AF.unix, ALLOW),
    ...unless(IF_EQUAL, AF.netlink, errno(EAFNOSUPPORT)),
    load(argument(2)),
    ...unless(IF_EQUAL, 0, errno(EAFNOSUPPORT)),
  ];
}

/** Applies rules to one call. A call for which no rule returns is allowed. */
function block(call: number, rules: Instruction[]): Instruction[] {
  return [[IF_EQUAL, 0, rules.length + 1, call], ...rules, [RETURN, 0, 0, ALLOW]];
}

function load(offset: number): Instruction {
  return [LOAD, 0, 0, offset];
}

function when(test: number, value: number, action: number): Instruction[] {
  return [
    [test, 0, 1, value],
    [RETURN, 0, 0, action],
  ];
}

function unless(test: number, value: number, action: number): Instruction[] {
  return [
    [test, 1, 0, value],
    [RETURN, 0, 0, action],
  ];
}

/** `struct sock_filter`: u16 code, u8 jump if true, u8 jump if false, u32 value; both processors are little-endian. */
function encode(program: Instruction[]): Uint8Array {
  const bytes = Buffer.alloc(program.length * 8);
  for (const [index, [code, ifTrue, ifFalse, value]] of program.entries()) {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  }
  return bytes;
}
