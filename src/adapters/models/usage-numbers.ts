/**
 * Converts token counts that a server sends as text to numbers. The SDK would refuse the whole answer because of them.
 */
import type { Fetch } from './provider';

/** A token count as text. The model's own text never matches, because quotes within it are escaped. */
const COUNT_AS_TEXT = /"(\w{0,40}tokens)"\s{0,3}:\s{0,3}"(\d{1,15})"/g;

export function withUsageNumbers(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) return response;
    const { status, statusText, headers } = response;
    const body = response.body.pipeThrough(convertByLine((line) => line.replace(COUNT_AS_TEXT, '"$1":$2')));
    return new Response(body, { status, statusText, headers });
  };
}

function convertByLine(convert: (lines: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let pending: string[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true });
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) {
        controller.enqueue(encoder.encode(convert(pending.join('') + text.slice(0, end))));
        pending = [];
      }
      if (end < text.length) pending.push(text.slice(end));
    },
    flush(controller) {
      controller.enqueue(encoder.encode(convert(pending.join('') + decoder.decode())));
    },
  });
}
