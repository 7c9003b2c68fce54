/**
 * The provider `anthropic`: the Messages API of Anthropic.
 *
 * The address is always set explicitly: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/anthropic';
import { defineProvider } from '../provider';

export const anthropic = defineProvider({
  name: 'anthropic',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'ANTHROPIC_API_KEY', kind: 'secret', description: 'Key for anthropic models.' },
    baseUrl: {
      variable: 'ANTHROPIC_BASE_URL',
      kind: 'url',
      description: 'Another address for anthropic models (a proxy, a gateway).',
    },
  },
  needs: 'apiKey',
  effort: (effort) => ({ anthropic: { effort } }),
  // For an unknown model id the SDK would force a tool call instead of using structured output.
  schemaOptions: { anthropic: { structuredOutputMode: 'outputFormat' } },
  connect({ apiKey, baseUrl }, id) {
    const { createAnthropic } = require('@ai-sdk/anthropic') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.anthropic.com/v1';
    return {
      via: 'sdk',
      open: (fetch) => createAnthropic({ apiKey, baseURL, fetch })(id),
      defaultOutputTokens: KNOWN_IDS.test(id) ? undefined : 16_384,
      // Each step repeats the earlier ones; read from the cache they cost a tenth of the price.
      cacheOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    };
  },
});

/** Ids that the SDK knows. For others (aliases of a gateway, old models) it would limit the output to 4,096 tokens. */
const KNOWN_IDS = /claude-(?!instant|v?2|3(?:$|[-.]))/;
