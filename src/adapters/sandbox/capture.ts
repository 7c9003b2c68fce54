/**
 * Keeps a command's output within a limit: its head and its tail, with a mark where the middle was cut.
 *
 * The tail gets three quarters of the limit, as test runners write their summary at the end.
 */
export interface Capture {
  add(chunk: Buffer): void;
  /** The number of all bytes of the output, also of those that were cut. */
  bytes(): number;
  text(): string;
}

export function createCapture(limitBytes: number): Capture {
  const headLimit = Math.floor(limitBytes / 4);
  const tailLimit = limitBytes - headLimit;
  const head: Buffer[] = [];
  let headBytes = 0;
  let tail: Buffer = Buffer.alloc(0);
  let totalBytes = 0;
  return {
    add(chunk) {
      totalBytes += chunk.length;
      const headPart = chunk.subarray(0, headLimit - headBytes);
      if (headPart.length > 0) head.push(Buffer.from(headPart));
      headBytes += headPart.length;
      tail = Buffer.concat([tail, chunk.subarray(headPart.length)]);
      // It cuts in large steps: otherwise each of many small chunks would copy the tail.
      if (tail.length > tailLimit * 2) tail = Buffer.from(tail.subarray(tail.length - tailLimit));
    },
    bytes: () => totalBytes,
    text() {
      const tailEnd = tail.subarray(Math.max(0, tail.length - tailLimit));
      const cutBytes = totalBytes - headBytes - tailEnd.length;
      const mark = cutBytes > 0 ? `\n[cut: ${cutBytes} bytes of output are left out here]\n` : '';
      return Buffer.concat(head).toString('utf8') + mark + tailEnd.toString('utf8');
    },
  };
}
