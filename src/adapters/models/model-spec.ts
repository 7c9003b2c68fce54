/**
 * Parses the name of a model, `<provider>:<id>`, and a fallback chain: names with commas between them.
 */
import { PROVIDERS } from './providers';
import type { ProviderName } from './providers';

export interface ModelSpec {
  provider: ProviderName;
  /** The text after the first colon. It may contain colons (`llama3:8b`). */
  id: string;
}

const NAME_FORMS = PROVIDERS.map(({ name, nameIs }) => `${name}:<${nameIs}>`);
/** Lists the forms of a model's name for messages, such as `anthropic:<id>, openai:<id> or scripted:<file>`. */
export const MODEL_FORMS = `${NAME_FORMS.slice(0, -1).join(', ')} or ${NAME_FORMS.at(-1)}`;

const NAME_PATTERN = `(?:${PROVIDERS.map(({ name }) => name).join('|')}):[^\\s,]+`;
export const CHAIN_PATTERN = new RegExp(`^${NAME_PATTERN}(?:\\s*,\\s*${NAME_PATTERN})*$`);

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
