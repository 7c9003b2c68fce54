/**
 * Tests the prices of models: settings before the library, the library before the ceiling, and no price of zero by itself.
 */
import fc from 'fast-check';
import { createPrices } from '../../../src/adapters/models/prices';
import { readPrices } from '../../../src/adapters/models/price-file';
import { costOf } from '../../../src/domain/money/price';

const UNKNOWN = { input: 15, output: 75, cachedInput: 15, cacheWrite: 15 };
const FREE = { input: 0, output: 0, cachedInput: 0, cacheWrite: 0 };
const AT = new Date('2026-11-28T09:00:00Z');
const prices = createPrices({ overrides: {}, unknown: UNKNOWN });
const million = (more: object = {}) => ({
  input: 1_000_000,
  cachedInput: 0,
  cacheWrite: 0,
  output: 1_000_000,
  ...more,
});

test('a known model costs what the library says, a cached token less, and a long request more', () => {
  expect(prices.costOf('openai:gpt-5', million(), AT)).toBe(11_250_000);
  expect(prices.costOf('openai-chat:gpt-5', million({ cachedInput: 1_000_000 }), AT)).toBe(10_125_000);
  const short = prices.costOf('anthropic:claude-sonnet-4-5', { ...million(), input: 100_000, output: 0 }, AT);
  const long = prices.costOf('anthropic:claude-sonnet-4-5', { ...million(), input: 1_000_000, output: 0 }, AT);
  expect([short, long]).toEqual([300_000, 6_000_000]);
});

test.each(['compatible:llama3:8b', 'openai:no-such-model', 'azure:my-deployment', 'openrouter:vendor/x:free'])(
  'the unknown price of %s is the ceiling',
  (model) => {
    expect(prices.costOf(model, million(), AT)).toBe(90_000_000);
    expect(prices.mostOf(model, { input: 1_000_000, output: 1_000_000 }, AT)).toBe(90_000_000);
  },
);

test('the largest cost of a request counts all its input as written to the cache, where that costs more', () => {
  expect(prices.mostOf('anthropic:claude-sonnet-4-5', { input: 100_000, output: 0 }, AT)).toBe(375_000);
});

test('a price of the settings counts before the library, that of the model before that of its provider', () => {
  const overrides = {
    'openai:*': { ...UNKNOWN, input: 2 },
    'openai:gpt-5': { ...UNKNOWN, input: 1 },
    'compatible:*': FREE,
  };
  const own = createPrices({ overrides, unknown: UNKNOWN });
  const input = { ...million(), output: 0 };
  expect(own.costOf('openai:gpt-5', input, AT)).toBe(1_000_000);
  expect(own.costOf('openai:gpt-5-mini', input, AT)).toBe(2_000_000);
  expect(own.costOf('compatible:llama3:8b', million(), AT)).toBe(0);
  expect(own.mostOf('compatible:llama3:8b', { input: 9, output: 9 }, AT)).toBe(0);
});

test('no call costs more than the largest cost of its request', () => {
  const model = fc.constantFrom('anthropic:claude-sonnet-4-5', 'openai:gpt-5', 'google:gemini-2.5-pro', 'compatible:x');
  const count = fc.nat(400_000);
  fc.assert(
    fc.property(model, count, count, fc.float({ min: 0, max: 1, noNaN: true }), (name, input, output, share) => {
      const cachedInput = Math.floor(input * share);
      const tokens = { input, output, cachedInput, cacheWrite: Math.floor((input - cachedInput) * share) };
      expect(prices.costOf(name, tokens, AT)).toBeLessThanOrEqual(prices.mostOf(name, { input, output }, AT));
    }),
    { numRuns: 300 },
  );
});

test('a part of a micro-dollar counts as a whole one, and an error of floating point as none', () => {
  expect(costOf({ ...FREE, input: 0.1 }, { input: 1, cachedInput: 0, cacheWrite: 0, output: 0 })).toBe(1);
  expect(costOf({ ...FREE, input: 0.1, output: 0.2 }, { input: 1, cachedInput: 0, cacheWrite: 0, output: 1 })).toBe(1);
  expect(costOf({ ...FREE, input: 0.1 }, { input: 30, cachedInput: 0, cacheWrite: 0, output: 0 })).toBe(3);
});

test.each([
  ['{', 'it is not JSON'],
  ['[]', 'it is not a JSON object'],
  ['{"gpt-5": {}}', '"gpt-5" names no model'],
  ['{"openai:gpt-5": {"input": 1}}', 'openai:gpt-5: output: must be a number'],
  ['{"openai:gpt-5": {"input": -1, "output": 2}}', 'openai:gpt-5: input:'],
  ['{"openai:gpt-5": {"input": 1, "output": 2, "cache": 3}}', 'openai:gpt-5:'],
])('a file of prices with %s is refused', (text, message) => {
  expect(readPrices(text)).toEqual({ wrong: expect.stringContaining(message) as string });
});

test('a file of prices may leave out the prices of the cache, which are then those of input', () => {
  expect(readPrices('{"compatible:*": {"input": 1.5, "output": 2}}')).toEqual({
    prices: { 'compatible:*': { input: 1.5, output: 2, cachedInput: 1.5, cacheWrite: 1.5 } },
  });
});
