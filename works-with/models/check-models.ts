/**
 * `npm run works-with -- --models`: checks every provider's protocol with the rows of malformed answers.
 */
import { ALL_PROVIDERS } from '../../test/adapters/models/all-providers';
import { checkRow, ROWS } from './provider-rows';
import type { RowId, RowResult } from './provider-rows';

export interface ProviderRow {
  provider: string;
  results: Record<RowId, RowResult>;
}

export async function checkModels(): Promise<ProviderRow[]> {
  const rows: ProviderRow[] = [];
  for (const provider of ALL_PROVIDERS) {
    const results: ProviderRow['results'] = {};
    for (const row of ROWS) results[row] = await checkRow(provider, row);
    rows.push({ provider: provider.spec.slice(0, provider.spec.indexOf(':')), results });
    process.stdout.write(`${lineOf(rows.at(-1) as ProviderRow)}\n`);
  }
  return rows;
}

export function failuresIn(rows: readonly ProviderRow[]): string[] {
  return rows.flatMap(({ provider, results }) =>
    Object.entries(results)
      .filter(([, { result }]) => result === 'fails')
      .map(([row, { note }]) => `${provider} ${row}: ${note.split('\n')[0] ?? ''}`),
  );
}

const MARK = { passes: 'passes', 'does not apply': '-', fails: 'FAILS' };

function lineOf({ provider, results }: ProviderRow): string {
  return [provider.padEnd(12), ...ROWS.map((row) => `${row} ${MARK[results[row]?.result ?? 'fails']}`)].join('  ');
}
