/**
 * The provider `compatible`: a server with OpenAI's chat completions API (Ollama, vLLM, llama.cpp).
 *
 * The key is optional, because a server in a private network often has none.
 */
import type * as Sdk from '@ai-sdk/openai-compatible';
import { isObject } from '../../../domain/json';
import { defineProvider } from '../provider';
import { withUsageNumbers } from '../usage-numbers';

export const compatible = defineProvider({
  name: 'compatible',
  nameIs: 'id',
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
          // Both are off by default. They put the schema into the request and the usage into the answer.
          supportsStructuredOutputs: true,
          includeUsage: true,
        })(id),
      limits: 'keywords',
      restore: withSignature,
    };
  },
});

/** Copies the signature of a Gemini model: the SDK stores it under the provider's name but reads it from `google`. */
function withSignature(part: Record<string, unknown>): Record<string, unknown> {
  const options = part['providerOptions'];
  const ownOptions = isObject(options) ? options['compatible'] : undefined;
  if (!isObject(options) || !isObject(ownOptions) || ownOptions['thoughtSignature'] === undefined) return part;
  return { ...part, providerOptions: { ...options, google: { thoughtSignature: ownOptions['thoughtSignature'] } } };
}
