/**
 * The file a scripted model answers from: read, checked and made whole once, when the model is created.
 *
 * Wherever `content` is expected, `content_file` may name a file beside the script instead, so that code stays
 * readable as code.
 */
import { readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { PHASES } from '../../domain/roles';
import { Failure } from '../../domain/failures';

const json = z.record(z.string(), z.unknown());

const answerSchema = z
  .strictObject({
    output: json.optional(),
    text: z.string().default(''),
    tools: z
      .array(z.strictObject({ name: z.string().min(1), input: json }))
      .min(1)
      .optional(),
    delay_ms: z.number().int().min(0).max(600_000).default(0),
  })
  .refine(({ output, tools }) => (output === undefined) !== (tools === undefined), 'give either "output" or "tools"');

const scriptSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9_.-]{1,60}$/),
  /** By phase, then attempt, then step; both count from 1, so attempt 1 is the first list. */
  phases: z.partialRecord(z.enum(PHASES), z.array(z.array(answerSchema).min(1)).min(1)),
});

export type Script = z.infer<typeof scriptSchema>;
export type ScriptAnswer = z.infer<typeof answerSchema>;

/** Throws Failure `Model.NotConfigured` that names the file and the place in it. */
export function readScript(file: string): Script {
  const folder = path.dirname(path.resolve(file));
  let whole: unknown;
  try {
    whole = fillIn(JSON.parse(readFileSync(file, 'utf8')), folder);
  } catch (error) {
    throw refused(file, error instanceof Error ? error.message : String(error));
  }
  const parsed = scriptSchema.safeParse(whole);
  if (parsed.success) return parsed.data;
  throw refused(file, z.prettifyError(parsed.error));
}

function refused(file: string, why: string): Failure {
  return new Failure('Model.NotConfigured', `the script ${file} cannot be used: ${why}`);
}

function fillIn(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) return value.map((item) => fillIn(item, folder));
  if (typeof value !== 'object' || value === null) return value;
  const { content_file: name, ...rest } = value as Record<string, unknown>;
  const whole = Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, fillIn(inner, folder)]));
  if (name === undefined) return whole;
  if ('content' in whole) throw new Error(`"content" and "content_file" stand in one place (${String(name)})`);
  return { ...whole, content: readBeside(String(name), folder) };
}

/** The real path counts, so that a link does not lead out of the script's folder. */
function readBeside(name: string, folder: string): string {
  const root = realpathSync(folder) + path.sep;
  const real = realpathSync(path.resolve(folder, name));
  if (!real.startsWith(root)) throw new Error(`content_file "${name}" lies outside the script's folder`);
  return readFileSync(real, 'utf8');
}
