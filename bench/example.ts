/**
 * The dark-mode example for benches: its project as a git repository, and its script with other delays.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readScript } from '../src/adapters/models/script-file';
import type { Script, ScriptAnswer } from '../src/adapters/models/script-file';

const EXAMPLE = join(__dirname, '../examples/dark-mode');
export const SCRIPT_FILE = join(EXAMPLE, 'script.json');

/** Gives the folder of the repository. */
export function makeRepository(folder: string): string {
  const repository = join(folder, 'repository');
  cpSync(join(EXAMPLE, 'project'), repository, { recursive: true });
  const git = (...args: string[]) => execFileSync('git', ['-C', repository, ...args]);
  git('init', '-q', '-b', 'main');
  git('add', '.');
  git('-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', 'commit', '-q', '-m', 'Field notes');
  return repository;
}

/** Gives a value for MODEL. Without `rework` the first code has no mistake; with `addTests: false` the tests run once, not twice. */
export function writeScript(folder: string, options: { delayMs: number; rework: boolean; addTests?: boolean }): string {
  const script = readScript(SCRIPT_FILE);
  if (!options.rework) mendFirstAttempt(script);
  if (options.addTests === false) for (const [answer] of script.phases.testing ?? []) leaveTestsAlone(answer);
  for (const answer of Object.values(script.phases).flat(2)) answer.delay_ms = options.delayMs;
  const file = join(folder, `script-${options.delayMs}-${options.rework}.json`);
  writeFileSync(file, JSON.stringify(script));
  return `scripted:${file}`;
}

function mendFirstAttempt(script: Script): void {
  const [first, second] = script.phases.implementation ?? [];
  const codeOf = (answer: ScriptAnswer | undefined) =>
    (answer?.output?.['files'] as Array<{ path: string; content: string }> | undefined)?.find(
      (file) => file.path === 'src/theme.js',
    );
  const [broken, mended] = [codeOf(first?.at(-1)), codeOf(second?.at(-1))];
  if (broken === undefined || mended === undefined)
    throw new Error('the example has changed: no answer has src/theme.js');
  broken.content = mended.content;
}

function leaveTestsAlone(answer: ScriptAnswer | undefined): void {
  if (answer?.output !== undefined) answer.output['tests_added'] = [];
}
