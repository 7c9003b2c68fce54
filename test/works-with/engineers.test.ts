/**
 * Tests the data and checks of three measurements of works-with: the mock engineers, the intents, and the rows of misbehaving models.
 */
import { checkRow, ROWS } from '../../works-with/models/provider-rows';
import { countCalls, readIntents, readScripts } from '../../works-with/engineer/script';
import { outputsOf } from '../../works-with/engineer/outputs';
import { BIG_FILE, intentTree } from '../../works-with/intents/repository';
import { MALFORMED_ROWS } from '../../works-with/models/malformed-rows';
import { OUTPUT_SCHEMAS } from '../../src/activities/outputs';
import { PHASES } from '../../src/domain/roles';
import { ALL_PROVIDERS } from '../adapters/models/all-providers';

test('there are ten engineers, and each needs at most 15 calls', () => {
  const scripts = readScripts();
  expect(scripts).toHaveLength(10);
  expect(scripts.filter((script) => countCalls(script) > 15).map(({ name }) => name)).toEqual([]);
  expect(() => readScripts(['nobody'])).toThrow('no engineer is called "nobody"');
});

test('the outputs of each engineer fit the schemas of the phases, and name tests of each criterion', () => {
  for (const script of readScripts()) {
    const outputs = outputsOf(script);
    for (const phase of PHASES) expect(OUTPUT_SCHEMAS[phase].safeParse(outputs[phase]).error).toBeUndefined();
    expect(outputs.testing.criteria.map(({ tested_by }) => tested_by)).not.toContain('');
  }
});

test('the repository of the intents has 5,000 files, and its 338 KB file has each value on the line of its number', () => {
  const tree = intentTree();
  expect(Object.keys(tree)).toHaveLength(5_000);
  const big = String(tree[BIG_FILE]);
  expect(Buffer.byteLength(big)).toBe(338_112);
  const lines = big.split('\n');
  expect(lines).toHaveLength(9_813);
  expect(lines.findIndex((line) => !line.startsWith(`export const value`))).toBe(9_812);
  expect(lines[999]).toMatch(/^export const value1000 = 1000;/);
});

test('each text that an intent edits occurs once in its file', () => {
  const tree = intentTree();
  const edits = readIntents().flatMap(({ calls }) => calls.flat().filter(({ tool }) => tool === 'edit'));
  expect(edits.length).toBeGreaterThan(3);
  for (const { input } of edits) {
    const { path, edits: places } = input as { path: string; edits: Array<{ old: string }> };
    for (const { old } of places) expect(String(tree[path]).split(old)).toHaveLength(2);
  }
});

test('a row fails if the provider does not behave as the row says', async () => {
  const provider = ALL_PROVIDERS.find(({ spec }) => spec.startsWith('compatible:'));
  if (provider === undefined) throw new Error('no provider');
  expect(await checkRow(provider, 'M2')).toEqual({ result: 'passes', note: '' });
  const forgetful = { ...provider, returnedReasoning: /"never":"sent"/ };
  expect(await checkRow(forgetful, 'M2')).toMatchObject({ result: 'fails' });
});

test('each row is checked for every provider or by a whole build', async () => {
  const [provider] = ALL_PROVIDERS;
  if (provider === undefined) throw new Error('no provider');
  const builtRows = new Set(MALFORMED_ROWS.map(({ row }) => row.split(',')[0]));
  const results = await Promise.all(ROWS.map(async (row) => [row, (await checkRow(provider, row)).note] as const));
  const unchecked = results.filter(([row, note]) => note === 'about no protocol' && !builtRows.has(row));
  expect(unchecked).toEqual([]);
});
