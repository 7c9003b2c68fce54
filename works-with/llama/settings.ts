/**
 * How the product is told of the server: the environment and the settings file that a user would write.
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
  /** The settings do not say how much the context holds, so that it is learned. */
  unknownWindow?: boolean;
  /** The answer ends behind its first call: a model of this size writes calls without end, and the server lets it. */
  oneCall?: boolean;
}

/** The environment of a worker; its file of settings lies in the folder. */
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
