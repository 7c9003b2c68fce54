/**
 * `fetch` of a model's provider that counts what is sent: the prompt of the role apart from all that follows it.
 */
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';
import type { Prompts } from '../../src/ports/prompts';

type Fetch = typeof globalThis.fetch;

export interface Sent {
  phase: Phase;
  /** Bytes of the prompt's text in the request. */
  promptBytes: number;
  /** Bytes of the rest: tools, first message, what was said so far. */
  restBytes: number;
}
interface Counting {
  /** Those that the worker has. */
  prompts: Prompts;
  /** Is told of each request. */
  sent: (request: Sent) => void;
  /** Those that the server knows its roles by, where it has to know them. */
  knownBy?: Prompts | undefined;
}

/** Requests without a prompt of a role, such as for a token, pass uncounted. */
export function countedFetch(send: Fetch, { prompts, sent, knownBy }: Counting): Fetch {
  return (input, init) => {
    const body = typeof init?.body === 'string' ? init.body : undefined;
    const phase = PHASES.find((one) => body?.includes(asJson(prompts.of(one).text)));
    if (body === undefined || phase === undefined) return send(input, init);
    const said = asJson(prompts.of(phase).text);
    const promptBytes = Buffer.byteLength(said);
    sent({ phase, promptBytes, restBytes: Buffer.byteLength(body) - promptBytes });
    if (knownBy === undefined) return send(input, init);
    return send(input, { ...init, body: body.replace(said, () => asJson(knownBy.of(phase).text)) });
  };
}

/** As it stands within a JSON body. */
function asJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}
