/**
 * Loads the system prompts from the files in `prompts/`. The digest of the text is the version of the prompt.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Prompts } from '../ports/prompts';
import { digestOf } from '../inspect/digest';
import { PHASES, type Phase } from '../domain/roles';

type Prompt = ReturnType<Prompts['of']>;

const FILES: Readonly<Record<Phase, string>> = {
  discovery: 'q-assistant.discovery.md',
  planning: 'q-assistant.planning.md',
  implementation: 'code-writer.md',
  testing: 'test-auditor.md',
  verification: 'verification-overseer.md',
  deployment: 'release-manager.md',
};

/** The path is the same from the sources and from the compiled files. */
const FOLDER = join(__dirname, '..', '..', 'prompts');

/** Loads all prompts when the program starts. Throws if a file is missing or empty, before a build depends on it. */
export function loadPrompts(folder = FOLDER): Prompts {
  const prompts = Object.fromEntries(PHASES.map((phase) => [phase, read(join(folder, FILES[phase]))]));
  return { of: (phase) => prompts[phase] as Prompt };
}

function read(file: string): Prompt {
  const text = readFileSync(file, 'utf8').trim();
  if (text === '') throw new Error(`the prompt ${file} is empty`);
  return { text, digest: digestOf(text) };
}
