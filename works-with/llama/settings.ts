/**
 * Writes the environment and the settings file with which a user would configure this server.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerEnv } from '../stage';
import { CONTEXT_TOKENS } from './server';

export const MODEL_ID = 'gemma-3-270m';
export const MODEL = `compatible:${MODEL_ID}`;

export interface Tuning {
  form?: 'tools' | 'schema' | 'text';
  maxOutputTokens: number;
  /** The settings leave out the size of the context, so that the product must learn it. */
  unknownWindow?: boolean;
  /** The answer ends after its first call: a small model writes calls without end, and the server does not stop it. */
  oneCall?: boolean;
}

/** Gives the environment of a worker and writes its settings file to the folder. */
export function envFor(
  baseUrl: string,
  folder: string,
  { form, maxOutputTokens, unknownWindow, oneCall }: Tuning,
): Record<string, string> {
  const file = join(folder, 'model-settings.json');
  const settings = {
    ...(unknownWindow === true ? {} : { context_window: CONTEXT_TOKENS }),
    max_output_tokens: maxOutputTokens,
    ...(form === undefined ? {} : { form }),
    ...(oneCall === true ? { extra_body: { parallel_tool_calls: false, stop: ['</tool_call>'] } } : {}),
  };
  writeFileSync(file, JSON.stringify({ [MODEL]: settings }));
  return { ...workerEnv(), MODEL, COMPATIBLE_BASE_URL: baseUrl, MODEL_SETTINGS: file };
}
