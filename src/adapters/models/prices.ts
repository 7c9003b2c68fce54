/**
 * The prices of models: from the settings, else from the data of the library `@pydantic/genai-prices`, else the configured ceiling.
 *
 * The library's data is part of its package; nothing is fetched.
 */
import type * as Library from '@pydantic/genai-prices';
import { costOf, dearestInput } from '../../domain/money/price';
import type { CallTokens, Price } from '../../domain/money/price';
import type { Prices } from '../../ports/prices';
import { readChain } from './model-spec';
import type { ProviderName } from './providers';

export interface PriceSettings {
  /** Prices by `<provider>:<id>` or `<provider>:*`, which count before those of the library. They may be zero. */
  overrides: Readonly<Record<string, Price>>;
  /** The price of a model that neither the settings nor the library know. */
  unknown: Price;
}

/** The library's names of the providers; a provider without one has models of any maker, or models of its own. */
const LIBRARY_IDS: Readonly<Record<ProviderName, string | null>> = {
  anthropic: 'anthropic',
  openai: 'openai',
  'openai-chat': 'openai',
  google: 'google',
  vertex: 'google',
  bedrock: 'aws',
  azure: 'azure',
  mistral: 'mistral',
  xai: 'x-ai',
  deepseek: 'deepseek',
  groq: 'groq',
  openrouter: 'openrouter',
  compatible: null,
  scripted: null,
};

export function createPrices({ overrides, unknown }: PriceSettings): Prices {
  return {
    costOf: (model, tokens, at) => {
      const price = overrideOf(overrides, model);
      if (price !== undefined) return costOf(price, tokens);
      return libraryCost(model, tokens, at) ?? costOf(unknown, tokens);
    },
    mostOf: (model, { input, output }, at) => {
      const price = overrideOf(overrides, model);
      const most = (known: Price) => costOf({ ...known, input: dearestInput(known) }, plainTokens(input, output));
      if (price !== undefined) return most(price);
      // The provider decides which part of the input it reads from its cache, and which part it writes there for a higher price.
      const costs = [plainTokens(input, output), { ...plainTokens(input, output), cacheWrite: input }].map((tokens) =>
        libraryCost(model, tokens, at),
      );
      const known = costs.filter((cost) => cost !== null);
      return known.length === 0 ? most(unknown) : Math.max(...known);
    },
  };
}

function plainTokens(input: number, output: number): CallTokens {
  return { input, cachedInput: 0, cacheWrite: 0, output };
}

function overrideOf(overrides: PriceSettings['overrides'], model: string): Price | undefined {
  const ofProvider = `${model.slice(0, model.indexOf(':'))}:*`;
  return [model, ofProvider].flatMap((name) => (Object.hasOwn(overrides, name) ? (overrides[name] ?? []) : []))[0];
}

/** Gives whole micro-dollars, rounded up; null where the library has no price for the model, or one of zero. */
function libraryCost(model: string, tokens: CallTokens, timestamp: Date): number | null {
  const { provider, id } = readChain(model)[0] ?? {};
  const providerId = provider === undefined ? null : LIBRARY_IDS[provider];
  if (providerId === null || id === undefined) return null;
  const million = priceOf(id, { input_tokens: 1e6, output_tokens: 1e6 }, { providerId, timestamp });
  // A price of zero is that of an offer that may end; only a setting may say that calls cost nothing.
  if (million === null || million.input_price <= 0 || million.output_price <= 0) return null;
  const cached = Math.min(tokens.cachedInput, tokens.input);
  const usage = {
    input_tokens: tokens.input,
    cache_read_tokens: cached,
    cache_write_tokens: Math.min(tokens.cacheWrite, tokens.input - cached),
    output_tokens: tokens.output,
  };
  const price = priceOf(id, usage, { providerId, timestamp });
  return price === null ? null : Math.ceil(Number((price.total_price * 1e6).toFixed(6)));
}

/** The library throws where its data of a model cannot be used; the price is then not known. */
function priceOf(id: string, usage: Library.Usage, options: Library.PriceOptions): Library.PriceCalculationResult {
  // Its data needs 50 ms and 4 MB, so that a program without paid models does not load it.
  const { calcPrice } = require('@pydantic/genai-prices') as typeof Library;
  try {
    return calcPrice(usage, id, options);
  } catch {
    return null;
  }
}
