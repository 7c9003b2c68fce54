/**
 * The provider `compatible`: a server that speaks OpenAI's chat completions (Ollama, vLLM, llama.cpp).
 *
 * The key is optional: a server in the own network often has none.
 */
import type * as Sdk from '@ai-sdk/openai-compatible';
import { defineProvider } from '../provider';

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
  connect({ apiKey, baseUrl }, id) {
    const sdk = require('@ai-sdk/openai-compatible') as typeof Sdk;
    return {
      via: 'sdk',
      open: (fetch) =>
        sdk.createOpenAICompatible({
          name: 'compatible',
          baseURL: baseUrl,
          fetch,
          ...(apiKey === undefined ? {} : { apiKey }),
          // Both are off by default: without them there is no schema in the request and no usage in the answer.
          supportsStructuredOutputs: true,
          includeUsage: true,
        })(id),
    };
  },
});
