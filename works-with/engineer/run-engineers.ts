/**
 * `npm run works-with -- --engineers [name,name]`: the mock engineers one after another, a row each.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '../../src/domain/roles';
import { runEngineer } from './run-engineer';
import type { Engineered } from './run-engineer';
import { readScripts } from './script';

/** A build may take so many model calls. */
const MOST_CALLS = 15;

export interface EngineersRun {
  rows: Engineered[];
  isGood: boolean;
}

/** `transcripts`: a folder for the last request of each phase, as it came over the wire. */
export async function runEngineers(names: readonly string[], transcripts?: string): Promise<EngineersRun> {
  const rows: Engineered[] = [];
  for (const script of readScripts(names)) {
    const folder = mkdtempSync(join(tmpdir(), 'q-engineer-'));
    try {
      const row = await runEngineer(script, folder);
      if (transcripts !== undefined)
        writeFileSync(join(transcripts, `${row.name}.json`), JSON.stringify(row.heard, null, 1));
      process.stdout.write(`${lineOf(row)}\n`);
      rows.push(row);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { rows, isGood: rows.every((row) => isComplete(row) && totalOf(row) <= MOST_CALLS) };
}

export function isComplete({ outcome }: Engineered): boolean {
  return outcome.split(';')[0] === 'complete';
}

export function totalOf({ calls }: Engineered): number {
  return ROLES.reduce((sum, role) => sum + calls[role], 0);
}

function lineOf(row: Engineered): string {
  const { outcome, seconds, files, requestBytes, errors, phaseSeconds } = row;
  const byRole = ROLES.map((role) => row.calls[role]).join('+');
  const figures = [
    `${files} files`,
    `${byRole} = ${totalOf(row)} calls`,
    `${requestBytes} bytes`,
    `${seconds.toFixed(0)} s`,
  ];
  const phases = Object.entries(phaseSeconds).map(([phase, spent]) => `${phase} ${spent.toFixed(1)} s`);
  const told = [phases.join(', '), ...errors.map((error) => `tool error: ${error.slice(0, 600)}`)];
  return [`${row.package}  ${figures.join('  ')}  ${outcome.slice(0, 3_000)}`, ...told].join('\n      ');
}
