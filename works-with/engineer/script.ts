/**
 * Reads the scripts of the mock engineers, works-with/engineers/*.json. A reviewer wrote them before the tools were coded, so they
 * must not be changed to suit the tools.
 */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { PHASES } from '../../src/domain/roles';
import type { Phase } from '../../src/domain/roles';

const FOLDER = join(__dirname, '../engineers');
const INTENTS = 'intents.json';

const call = z.strictObject({ tool: z.string(), input: z.record(z.string(), z.unknown()) });
/** The calls of one answer of the model. */
const turns = z.array(z.array(call));
const criterion = z.strictObject({
  id: z.string(),
  requirement_ids: z.array(z.string()),
  text: z.string(),
  tested_by: z.string(),
});

const scriptSchema = z.strictObject({
  name: z.string(),
  from: z.strictObject({
    ecosystem: z.enum(['npm', 'pypi', 'go', 'crates']),
    package: z.string(),
    version: z.string(),
  }),
  files: z.number(),
  intent: z.string(),
  test_command: z.array(z.string()),
  workdir: z.string(),
  setup: z.array(z.string()).nullable(),
  specification: z.strictObject({
    summary: z.string(),
    requirements: z.array(z.strictObject({ id: z.string(), text: z.string() })),
    success_criteria: z.array(z.string()),
  }),
  plan: z.strictObject({ summary: z.string(), files: z.array(z.string()), criteria: z.array(criterion) }),
  roles: z.strictObject({
    'q_assistant.discovery': turns,
    'q_assistant.planning': turns,
    code_writer: turns,
    test_auditor: turns,
    verification_overseer: turns,
    release_manager: turns,
  }),
  test_names: z.array(z.strictObject({ file: z.string(), name: z.string(), criterion_id: z.string() })),
  release: z.strictObject({ version: z.string(), notes: z.string() }),
});
export type Script = z.infer<typeof scriptSchema>;
export type ScriptCall = z.infer<typeof call>;

const intentSchema = z.strictObject({ id: z.string(), intent: z.string(), calls: turns, old_calls: turns });
export type Intent = z.infer<typeof intentSchema>;

const ROLE_MEMBER: Record<Phase, keyof Script['roles']> = {
  discovery: 'q_assistant.discovery',
  planning: 'q_assistant.planning',
  implementation: 'code_writer',
  testing: 'test_auditor',
  verification: 'verification_overseer',
  deployment: 'release_manager',
};

export function turnsOf(script: Script, phase: Phase): ScriptCall[][] {
  return script.roles[ROLE_MEMBER[phase]];
}

/** Counts the model calls that the script needs: one for each turn, and one that finishes each phase. */
export function countCalls(script: Script): number {
  return PHASES.reduce((sum, phase) => sum + turnsOf(script, phase).length + 1, 0);
}

/** Reads the scripts with the given names, or all, in the order of their names. Throws for an unknown name. */
export function readScripts(names: readonly string[] = []): Script[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.json') && file !== INTENTS);
  const scripts = files.sort().map((file) => scriptSchema.parse(readJson(file)));
  const unknownName = names.find((name) => !scripts.some((script) => script.name === name));
  if (unknownName !== undefined)
    throw new Error(`no engineer is called "${unknownName}"; there are ${scripts.map(({ name }) => name).join(', ')}`);
  return names.length === 0 ? scripts : scripts.filter(({ name }) => names.includes(name));
}

export function readIntents(): Intent[] {
  return z.array(intentSchema).parse(readJson(INTENTS));
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(join(FOLDER, file), 'utf8'));
}
