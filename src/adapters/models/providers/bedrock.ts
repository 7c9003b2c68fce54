/**
 * The provider `bedrock`: models of Amazon Bedrock, by an API key or by an access key of AWS.
 *
 * Unset settings are passed as empty texts, because the SDK would read undefined ones from the environment.
 */
import type * as Sdk from '@ai-sdk/amazon-bedrock';
import { Failure } from '../../../domain/failures';
import { defineProvider } from '../provider';

export const bedrock = defineProvider({
  name: 'bedrock',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'AWS_BEARER_TOKEN_BEDROCK', kind: 'secret', description: 'API key for bedrock models.' },
    secretAccessKey: {
      variable: 'AWS_SECRET_ACCESS_KEY',
      kind: 'secret',
      description: 'Secret access key for bedrock models, where there is no API key.',
    },
    sessionToken: {
      variable: 'AWS_SESSION_TOKEN',
      kind: 'secret',
      description: 'Session token beside the access key for bedrock models.',
    },
    baseUrl: { variable: 'BEDROCK_BASE_URL', kind: 'url', description: 'Another address for bedrock models.' },
    region: { variable: 'AWS_REGION', kind: 'text', description: 'Region for bedrock models.' },
    accessKeyId: {
      variable: 'AWS_ACCESS_KEY_ID',
      kind: 'text',
      description: 'Access key id for bedrock models, where there is no API key.',
    },
  },
  needs: 'region',
  effort: (effort) => ({ bedrock: { reasoningConfig: { maxReasoningEffort: effort } } }),
  // The SDK signs the request, so its body cannot be changed afterwards in `fetch`.
  extraBody: (body) => ({ bedrock: { additionalModelRequestFields: body } }),
  connect({ apiKey = '', secretAccessKey = '', sessionToken = '', baseUrl, region, accessKeyId = '' }, id) {
    if (apiKey === '' && (accessKeyId === '' || secretAccessKey === ''))
      throw new Failure(
        'Model.NotConfigured',
        `bedrock:${id} is configured, but neither AWS_BEARER_TOKEN_BEDROCK nor AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are set`,
      );
    const { createAmazonBedrock } = require('@ai-sdk/amazon-bedrock') as typeof Sdk;
    const baseURL = baseUrl ?? `https://bedrock-runtime.${region}.amazonaws.com`;
    const access = { apiKey, region, accessKeyId, secretAccessKey, baseURL };
    const session = sessionToken === '' ? {} : { sessionToken };
    return {
      via: 'sdk',
      open: (fetch) => createAmazonBedrock({ ...access, ...session, fetch })(id),
      ...(/anthropic\.claude/.test(id) ? { cacheOptions: { bedrock: { cachePoint: { type: 'default' } } } } : {}),
    };
  },
});
