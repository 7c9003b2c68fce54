/**
 * The provider `compatible`: a server that speaks OpenAI's chat completions (Ollama, vLLM, llama.cpp).
 *
 * The key is optional: a server in the own network often has none.
 */
import type * as Sdk from '@ai-sdk/openai-compatible';
import { isObject } from '../../../domain/json';
import { defineProvider } from '../provider';
import { withUsageNumbers } from '../usage-numbers';

export const compatible = defineProvider({
  name: 'compatible',
  asks: 'id',
  settings: {
    apiKey: {
      variable: 'COMPATIBLE_API_KEY',
      kind: 'secret',
      description: 'Key for compatible models, where the server wants one.',
    },
    baseUrl: {
      variable: 'COMPATIBLE_BASE_URL',
      kind: 'url',
      description: 'Address of the OpenAI-compatible server (Ollama, vLLM, llama.cpp).',
    },
  },
  needs: 'baseUrl',
  effort: (effort) => ({ compatible: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl }, id) {
    const sdk = require('@ai-sdk/openai-compatible') as typeof Sdk;
    return {
      via: 'sdk',
      open: (fetch) =>
        sdk.createOpenAICompatible({
          name: 'compatible',
          baseURL: baseUrl,
          fetch: withUsageNumbers(fetch),
          ...(apiKey === undefined ? {} : { apiKey }),
          // Both are off by default: without them there is no schema in the request and no usage in the answer.
          supportsStructuredOutputs: true,
          includeUsage: true,
        })(id),
      limits: 'keywords',
      restore: withSignature,
    };
  },
});

/** The SDK keeps the signature of a Gemini model under the provider's name, and sends it back from `google`. */
function withSignature(part: Record<string, unknown>): Record<string, unknown> {
  const options = part['providerOptions'];
  const own = isObject(options) ? options['compatible'] : undefined;
  if (!isObject(options) || !isObject(own) || own['thoughtSignature'] === undefined) return part;
  return { ...part, providerOptions: { ...options, google: { thoughtSignature: own['thoughtSignature'] } } };
}
