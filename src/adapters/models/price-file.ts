/**
 * Reads the prices of models from the JSON file that PRICES_FILE names: `{"<provider>:<id>": {…}, "<provider>:*": {…}}`.
 */
import { z } from 'zod';
import type { Price } from '../../domain/money/price';
import { readByModel } from './model-file';

const amount = z.number({ error: 'must be a number from 0 to 1000000' }).min(0).max(1_000_000);
/** US dollars per million tokens. */
const priceSchema = z.strictObject({
  input: amount,
  output: amount,
  /** Default: the price of input. */
  cached_input: amount.optional(),
  /** Input that the provider writes to its cache. Default: the price of input. */
  cache_write: amount.optional(),
});
const FORM = ' (USD per million tokens: input, output, cached_input?, cache_write?)';

/** `wrong`: why the text cannot be used, in one line with the model, the field and the expected value. */
export function readPrices(text: string): { prices: Record<string, Price> } | { wrong: string } {
  const read = readByModel(text, priceSchema, FORM);
  if ('wrong' in read) return read;
  const prices = read.entries.map(([name, price]) => {
    const { input, output, cached_input: cachedInput = input, cache_write: cacheWrite = input } = price;
    return [name, { input, output, cachedInput, cacheWrite }] as const;
  });
  return { prices: Object.fromEntries(prices) };
}
