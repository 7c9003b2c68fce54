/**
 * The name of a model, `<provider>:<id>`, and a fallback chain of them: read from text here, once, and never joined again.
 */
import { PROVIDERS } from './providers';
import type { ProviderName } from './providers';

export interface ModelSpec {
  provider: ProviderName;
  /** What stands behind the first colon; it may hold colons of its own (`llama3:8b`). */
  id: string;
}

const FORMS = PROVIDERS.map(({ name, asks }) => `${name}:<${asks}>`);
/** `anthropic:<id>, openai:<id> or scripted:<file>`: how a model may be named. */
export const MODEL_FORMS = `${FORMS.slice(0, -1).join(', ')} or ${FORMS.at(-1)}`;

const ONE = `(?:${PROVIDERS.map(({ name }) => name).join('|')}):[^\\s,]+`;
export const CHAIN_PATTERN = new RegExp(`^${ONE}(?:\\s*,\\s*${ONE})*$`);

/** `text` must fit `CHAIN_PATTERN`. */
export function readChain(text: string): ModelSpec[] {
  return text.split(',').map((part) => {
    const name = part.trim();
    const colon = name.indexOf(':');
    return { provider: name.slice(0, colon) as ProviderName, id: name.slice(colon + 1) };
  });
}

export function nameOf({ provider, id }: ModelSpec): string {
  return `${provider}:${id}`;
}
