/**
 * The provider `azure`: deployments of OpenAI models in Azure, by their Responses API.
 */
import type * as Sdk from '@ai-sdk/azure';
import { Failure } from '../../../domain/failures';
import { defineProvider } from '../provider';

export const azure = defineProvider({
  name: 'azure',
  nameIs: 'id',
  settings: {
    apiKey: { variable: 'AZURE_API_KEY', kind: 'secret', description: 'Key for azure models.' },
    baseUrl: {
      variable: 'AZURE_BASE_URL',
      kind: 'url',
      description: 'Address for azure models, where AZURE_RESOURCE_NAME does not give it.',
    },
    resourceName: {
      variable: 'AZURE_RESOURCE_NAME',
      kind: 'text',
      description: 'Resource whose deployments azure models are; the id of a model is the name of its deployment.',
    },
    apiVersion: { variable: 'AZURE_API_VERSION', kind: 'text', description: 'Version of the API for azure models.' },
  },
  needs: 'apiKey',
  effort: (effort) => ({ azure: { reasoningEffort: effort } }),
  connect({ apiKey, baseUrl, resourceName, apiVersion }, id) {
    if (baseUrl === undefined && resourceName === undefined)
      throw new Failure(
        'Model.NotConfigured',
        `azure:${id} is configured, but neither AZURE_RESOURCE_NAME nor AZURE_BASE_URL is set`,
      );
    const { createAzure } = require('@ai-sdk/azure') as typeof Sdk;
    const options = {
      ...(baseUrl === undefined ? {} : { baseURL: baseUrl }),
      ...(resourceName === undefined ? {} : { resourceName }),
      ...(apiVersion === undefined ? {} : { apiVersion }),
    };
    return {
      via: 'sdk',
      open: (fetch) => createAzure({ ...options, apiKey, fetch })(id),
      // By default Azure stores every answer for a month.
      callOptions: { azure: { store: false } },
    };
  },
});
