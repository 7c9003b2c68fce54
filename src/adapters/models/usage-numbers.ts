/**
 * Counts of tokens that a server sends as text, made numbers on the wire: the SDK refuses the whole answer for them.
 */
import type { Fetch } from './provider';

/** Within a text of the answer the quotes are escaped, so that nothing of it is changed. */
const COUNT_AS_TEXT = /"(\w{0,40}tokens)"\s{0,3}:\s{0,3}"(\d{1,15})"/g;

export function withUsageNumbers(fetch: Fetch): Fetch {
  return async (url, init) => {
    const response = await fetch(url, init);
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) return response;
    const { status, statusText, headers } = response;
    const body = response.body.pipeThrough(byLine((line) => line.replace(COUNT_AS_TEXT, '"$1":$2')));
    return new Response(body, { status, statusText, headers });
  };
}

function byLine(convert: (lines: string) => string): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let begun: string[] = [];
  return new TransformStream({
    transform(chunk, controller) {
      const text = decoder.decode(chunk, { stream: true });
      const end = text.lastIndexOf('\n') + 1;
      if (end > 0) {
        controller.enqueue(encoder.encode(convert(begun.join('') + text.slice(0, end))));
        begun = [];
      }
      if (end < text.length) begun.push(text.slice(end));
    },
    flush(controller) {
      controller.enqueue(encoder.encode(convert(begun.join('') + decoder.decode())));
    },
  });
}
