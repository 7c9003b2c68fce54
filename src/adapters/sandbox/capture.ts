/**
 * Output of a command, kept within a limit: its head and its tail, with a mark where the middle was cut.
 *
 * The tail is the larger part: that is where test runners write what they counted.
 */
export interface Capture {
  add(chunk: Buffer): void;
  /** Bytes seen, kept or not. */
  bytes(): number;
  text(): string;
}

export function createCapture(limitBytes: number): Capture {
  const headLimit = Math.floor(limitBytes / 4);
  const tailLimit = limitBytes - headLimit;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  let seen = 0;
  return {
    add(chunk) {
      seen += chunk.length;
      const toHead = chunk.subarray(0, headLimit - headBytes);
      if (toHead.length > 0) head.push(Buffer.from(toHead));
      headBytes += toHead.length;
      tail = Buffer.concat([tail, chunk.subarray(toHead.length)]);
      // Cut in large steps: a flood of small chunks would otherwise copy the tail for each of them.
      if (tail.length > tailLimit * 2) tail = Buffer.from(tail.subarray(tail.length - tailLimit));
    },
    bytes: () => seen,
    text() {
      const end = tail.subarray(Math.max(0, tail.length - tailLimit));
      const cut = seen - headBytes - end.length;
      const mark = cut > 0 ? `\n[cut: ${cut} bytes of output are left out here]\n` : '';
      return Buffer.concat(head).toString('utf8') + mark + end.toString('utf8');
    },
  };
}
