/**
 * Reads the prices of models from the JSON file that PRICES_FILE names: `{"<provider>:<id>": {…}, "<provider>:*": {…}}`.
 */
import { z } from 'zod';
import type { Price } from '../../domain/money/price';
import { PROVIDERS } from './providers';

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
const namePattern = new RegExp(`^(?:${PROVIDERS.map(({ name }) => name).join('|')}):.+$`);

/** `wrong`: why the text cannot be used, in one line with the model, the field and the expected value. */
export function readPrices(text: string): { prices: Record<string, Price> } | { wrong: string } {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { wrong: 'it is not JSON' };
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return { wrong: 'it is not a JSON object' };
  const prices: Record<string, Price> = {};
  for (const [name, value] of Object.entries(json)) {
    if (!namePattern.test(name)) return { wrong: `"${name}" names no model: write <provider>:<id> or <provider>:*` };
    const parsed = priceSchema.safeParse(value);
    if (!parsed.success) return { wrong: `${name}: ${firstIssue(parsed.error)}` };
    const { input, output, cached_input: cachedInput = input, cache_write: cacheWrite = input } = parsed.data;
    prices[name] = { input, output, cachedInput, cacheWrite };
  }
  return { prices };
}

function firstIssue({ issues }: z.ZodError): string {
  const [issue] = issues;
  const path = issue?.path.map(String).join('.') ?? '';
  return `${path === '' ? '' : `${path}: `}${issue?.message} (USD per million tokens: input, output, cached_input?, cache_write?)`;
}
