/**
 * A `fetch` for a model's provider that counts the bytes sent: the role's prompt and the rest of the request separately.
 */
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import type { Prompts } from '../../src/ports/prompts';

type Fetch = typeof globalThis.fetch;

export interface SentRequest {
  phase: Phase;
  /** Bytes of the prompt's text in the request. */
  promptBytes: number;
  /** Bytes of the rest: tools, first message, and the conversation so far. */
  restBytes: number;
}
interface CountOptions {
  /** The prompts of the worker. */
  prompts: Prompts;
  /** Called for each counted request. */
  onSent: (request: SentRequest) => void;
  /** The prompts by which a mock server recognizes the role. The sent request has them in place of the counted ones. */
  mockPrompts?: Prompts | undefined;
}

/** Requests without a role's prompt, such as those for an access token, are not counted. */
export function countedFetch(send: Fetch, { prompts, onSent, mockPrompts }: CountOptions): Fetch {
  return (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : undefined;
    const phase = PHASES.find((one) => body?.includes(asJson(prompts.of(one).text)));
    if (body === undefined || phase === undefined) return send(input, init);
    const promptJson = asJson(prompts.of(phase).text);
    const promptBytes = Buffer.byteLength(promptJson);
    onSent({ phase, promptBytes, restBytes: Buffer.byteLength(body) - promptBytes });
    if (mockPrompts === undefined) return send(input, init);
    return send(input, { ...init, body: body.replace(promptJson, () => asJson(mockPrompts.of(phase).text)) });
  };
}

/** Writes a text as in a JSON string. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
