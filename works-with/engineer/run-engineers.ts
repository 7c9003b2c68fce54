/**
 * `npm run works-with -- --engineers [name,name]`: runs the mock engineers one after another; each is a row of the result.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROLES } from '../../src/domain/roles';
import { runEngineer } from './run-engineer';
import type { EngineerRow } from './run-engineer';
import { readScripts } from './script';

/** The number of model calls that a build may take. */
const MAX_CALLS = 15;

export interface EngineersRun {
  rows: EngineerRow[];
  isGood: boolean;
}

/** Runs the engineers. `transcripts`: a folder for the requests that each build sent. */
export async function runEngineers(names: readonly string[], transcripts?: string): Promise<EngineersRun> {
  const rows: EngineerRow[] = [];
  for (const script of readScripts(names)) {
    const folder = mkdtempSync(join(tmpdir(), 'q-engineer-'));
    try {
      const row = await runEngineer(script, folder);
      if (transcripts !== undefined)
        writeFileSync(join(transcripts, `${row.name}.json`), JSON.stringify(row.requests, null, 1));
      process.stdout.write(`${lineOf(row)}\n`);
      rows.push(row);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return { rows, isGood: rows.every((row) => isComplete(row) && totalOf(row) <= MAX_CALLS) };
}

export function isComplete({ outcome }: EngineerRow): boolean {
  return outcome.split(';')[0] === 'complete';
}

export function totalOf({ calls }: EngineerRow): number {
  return ROLES.reduce((sum, role) => sum + calls[role], 0);
}

function lineOf(row: EngineerRow): string {
  const { outcome, seconds, files, requestBytes, errors, phaseSeconds } = row;
  const byRole = ROLES.map((role) => row.calls[role]).join('+');
  const figures = [
    `${files} files`,
    `${byRole} = ${totalOf(row)} calls`,
    `${requestBytes} bytes`,
    `${seconds.toFixed(0)} s`,
  ];
  const phases = Object.entries(phaseSeconds).map(([phase, spent]) => `${phase} ${spent.toFixed(1)} s`);
  const details = [phases.join(', '), ...errors.map((error) => `tool error: ${error.slice(0, 600)}`)];
  return [`${row.package}  ${figures.join('  ')}  ${outcome.slice(0, 3_000)}`, ...details].join('\n      ');
}
