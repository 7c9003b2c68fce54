/**
 * `npm run reclaim:measure [-- --builds N] [--megabytes N] [--write]` makes builds, half of them cancelled, and measures the data folder
 * after each sixth of them, before and after a reclaim. `--write` writes the dated table to docs/reclaim.md.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { diskUse } from '../../../src/adapters/machine/du';
import { makePlace } from './place';

const ROUNDS = 6;
const FILE = join(__dirname, '../../../docs/reclaim.md');

async function main(): Promise<void> {
  const flags = { builds: { type: 'string', default: '300' }, megabytes: { type: 'string', default: '50' } } as const;
  const { values } = parseArgs({ options: { ...flags, write: { type: 'boolean', default: false } } });
  const [builds, megabytes] = [Number(values.builds), Number(values.megabytes)];
  const place = makePlace(megabytes);
  const rows: string[][] = [];
  try {
    for (let number = 1; number <= builds; number += 1) {
      await place.end(await place.build(`b${number}`), number % 2 === 0);
      // An artifact that nothing names, as a failed attempt leaves it.
      await place.artifacts.put(`left by ${number}`.repeat(10_000));
      if (number % Math.ceil(builds / ROUNDS) !== 0 && number !== builds) continue;
      const bytesBefore = await diskUse([place.dataDir]);
      const beganMs = performance.now();
      const report = await place.run();
      const seconds = ((performance.now() - beganMs) / 1_000).toFixed(1);
      if (report === null || report.notes.length > 0)
        throw new Error(report?.notes.join('; ') ?? 'another run holds the lock');
      const temporary = readdirSync(tmpdir()).filter((name) => name.startsWith('q-index-')).length;
      const sizes = [bytesBefore, await diskUse([place.dataDir])].map((bytes) => (bytes / 1024 ** 2).toFixed(1));
      rows.push([String(number), ...sizes, seconds, String(temporary)]);
      process.stdout.write(`${lineOf(rows.at(-1) ?? [])}\n`);
    }
    if (values.write) writeFileSync(FILE, pageOf(rows, { builds, megabytes }));
  } finally {
    place.remove();
  }
}

const lineOf = (cells: string[]): string => `| ${cells.join(' | ')} |`;

function pageOf(rows: string[][], { builds, megabytes }: { builds: number; megabytes: number }): string {
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: __dirname, encoding: 'utf8' }).trim();
  const columns = ['builds', 'DATA_DIR, MB', 'after reclaim, MB', 'seconds', 'temporary folders'];
  return [
    '# What reclaim gives free',
    '',
    `\`npm run reclaim:measure -- --write\` on ${new Date().toISOString().slice(0, 10)}, commit ${commit}: ${builds} builds of a repository of ${megabytes} MB, each with 0.7 MB`,
    'of its own that git cannot pack smaller; every second one is cancelled, and a month goes by before each reclaim.',
    '',
    ...[columns, columns.map(() => '---'), ...rows].map(lineOf),
    '',
  ].join('\n');
}

void main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
