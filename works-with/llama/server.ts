/**
 * Starts a llama.cpp server on the loopback, and stops it by its process id.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

const PROGRAM = join(__dirname, 'server.py');
export const TOOLS_TEMPLATE = join(__dirname, 'tools.jinja');
/** The number of tokens that a request and its answer may have together. */
export const CONTEXT_TOKENS = 16_384;
const LOG_CHARS = 4_000;

export interface LlamaServer {
  origin: string;
  /** True if the server's template shows tools to the model. */
  showsTools: boolean;
  stop(): Promise<void>;
}

/** `template`: a file; without it the server uses the model's template, or its own. Throws the server's log if it does not start. */
export async function startLlama(python: string, folder: string, template?: string): Promise<LlamaServer> {
  const args = [
    PROGRAM,
    join(folder, 'model.gguf'),
    String(CONTEXT_TOKENS),
    ...(template === undefined ? [] : [template]),
  ];
  const child = spawn(python, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const stop = async (): Promise<void> => {
    process.off('exit', kill);
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    kill();
    await exit;
  };
  try {
    const origin = await originOf(child);
    return { origin, showsTools: await showsTools(origin), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function originOf(child: ChildProcess): Promise<string> {
  let log = '';
  child.stderr?.on('data', (part: Buffer) => (log = (log + part.toString('utf8')).slice(-LOG_CHARS)));
  if (child.stdout === null) throw new Error('the server has no standard output');
  for await (const line of createInterface({ input: child.stdout })) {
    const [, origin] = /^listening (http:\/\/\S+)$/.exec(line) ?? [];
    if (origin !== undefined) return origin;
  }
  throw new Error(`the server ended before it listened; the end of its log:\n${log}`);
}

async function showsTools(origin: string): Promise<boolean> {
  const response = await fetch(`${origin}/props`);
  const { chat_template_caps: caps } = (await response.json()) as { chat_template_caps?: { supports_tools?: boolean } };
  return caps?.supports_tools === true;
}
