/**
 * Reads and checks the file with the answers of a scripted model, once, when the model is created.
 *
 * Instead of a member `content`, a member `content_file` may name a file in the script's folder, so that code can stay in code files.
 */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { PHASES } from '../../domain/roles';
import { Failure } from '../../domain/failures';

const jsonObject = z.record(z.string(), z.unknown());

const answerSchema = z
  .strictObject({
    output: jsonObject.optional(),
    text: z.string().default(''),
    tools: z
      .array(z.strictObject({ name: z.string().min(1), input: jsonObject }))
      .min(1)
      .optional(),
    delay_ms: z.number().int().min(0).max(600_000).default(0),
  })
  .refine(({ output, tools }) => (output === undefined) !== (tools === undefined), 'give either "output" or "tools"');

const scriptSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/),
  /** Answers by phase, then by attempt, then by step. The first list is attempt 1, its first answer is step 1. */
  phases: z.partialRecord(z.enum(PHASES), z.array(z.array(answerSchema).min(1)).min(1)),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptAnswer = z.infer<typeof answerSchema>;

/** Throws Failure `Model.NotConfigured`, which names the file and the position of the error. */
export function readScript(file: string): Script {
  const folder = path.dirname(path.resolve(file));
  let script: unknown;
  try {
    script = insertContentFiles(JSON.parse(readFileSync(file, 'utf8')), folder);
  } catch (error) {
    throw unusableScript(file, error instanceof Error ? error.message : String(error));
  }
  const parsed = scriptSchema.safeParse(script);
  if (parsed.success) return parsed.data;
  throw unusableScript(file, z.prettifyError(parsed.error));
}

function unusableScript(file: string, why: string): Failure {
  return new Failure('Model.NotConfigured', `the script ${file} cannot be used: ${why}`);
}

function insertContentFiles(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => insertContentFiles(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  const { content_file: name, ...otherMembers } = value as Record<string, unknown>;
  const object = Object.fromEntries(
    Object.entries(otherMembers).map(([key, inner]) => [key, insertContentFiles(inner, folder)]),
  );
  if (name === undefined) return object;
  if ('content' in object) throw new Error(`give either "content" or "content_file" (${String(name)}), not both`);
  return { ...object, content: readInFolder(String(name), folder) };
}

/** Checks the real path, so that a link cannot lead out of the script's folder. */
function readInFolder(name: string, folder: string): string {
  const root = realpathSync(folder) + path.sep;
  const realPath = realpathSync(path.resolve(folder, name));
  if (!realPath.startsWith(root)) throw new Error(`content_file "${name}" lies outside the script's folder`);
  return readFileSync(realPath, 'utf8');
}
