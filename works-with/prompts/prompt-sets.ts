/**
 * Loads the prompts to compare: those on disk, and those of a git revision.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadPrompts } from '../../src/adapters/prompts';
import type { Prompts } from '../../src/ports/prompts';

export interface PromptSet {
  /** The name in the table. */
  name: string;
  prompts: Prompts;
}

const REPOSITORY = join(__dirname, '../..');
const FOLDER = 'prompts';

/** Loads the prompts on disk, with uncommitted changes. */
export function presentPrompts(): PromptSet {
  return { name: 'now', prompts: loadPrompts() };
}

/** Loads the prompts of a revision. Throws if the revision does not exist or lacks a prompt. */
export function promptsOf(revision: string, repository = REPOSITORY): PromptSet {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  const commit = commitOf(git, revision);
  const paths = git('ls-tree', '--name-only', '-z', commit, `${FOLDER}/`).split('\0').filter(isPrompt);
  const folder = mkdtempSync(join(tmpdir(), 'q-prompts-'));
  try {
    mkdirSync(join(folder, FOLDER));
    for (const path of paths) writeFileSync(join(folder, path), git('show', `${commit}:${path}`));
    return { name: `${revision} (${commit.slice(0, 7)})`, prompts: loadPrompts(join(folder, FOLDER)) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function commitOf(git: (...args: string[]) => string, revision: string): string {
  try {
    return git('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`).trim();
  } catch {
    throw new Error(`--against: there is no revision "${revision}"`);
  }
}

function isPrompt(path: string): boolean {
  return path.endsWith('.md');
}
