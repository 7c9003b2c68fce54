/**
 * The provider `anthropic`: the Messages API of Anthropic.
 *
 * The address is always given: without it the SDK would read the environment.
 */
import type * as Sdk from '@ai-sdk/anthropic';
import { defineProvider } from '../provider';

export const anthropic = defineProvider({
  name: 'anthropic',
  asks: 'id',
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
  // For an id that it does not know the SDK would ask for a forced tool call instead.
  schemaOptions: { anthropic: { structuredOutputMode: 'outputFormat' } },
  connect({ apiKey, baseUrl }, id) {
    const { createAnthropic } = require('@ai-sdk/anthropic') as typeof Sdk;
    const baseURL = baseUrl ?? 'https://api.anthropic.com/v1';
    return {
      via: 'sdk',
      open: (fetch) => createAnthropic({ apiKey, baseURL, fetch })(id),
      leastOutputTokens: KNOWN.test(id) ? undefined : 16_384,
      // Each step sends the earlier ones again; from the cache they cost a tenth of the price.
      cacheOptions: { anthropic: { cacheControl: { type: 'ephemeral' } } },
    };
  },
});

/** For other ids (aliases of a gateway, old models) the SDK asks for 4,096 tokens. */
const KNOWN = /claude-(?!instant|v?2|3(?:$|[-.]))/;
