/**
 * Bundles the workflow code into one text, which a worker loads. Bundling takes two to three seconds of a core, so the cache folder
 * keeps the text, named by the digest of all its possible sources.
 */
import { mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { replaceFile } from '../adapters/machine/write-whole';
import { sha256 } from '../inspect/digest';
import { bundlesFolder } from './data-folders';

const SOURCES = join(__dirname, '..');
const WORKFLOWS_PATH = join(SOURCES, 'workflows', `index${__filename.slice(-3)}`);
export const PAYLOAD_CONVERTER_PATH = join(SOURCES, 'workflows', `payloads${__filename.slice(-3)}`);
/** Used only where payloads are encrypted. */
export const FAILURE_CONVERTER_PATH = join(SOURCES, 'workflows', `failures${__filename.slice(-3)}`);

/** Bundles that the cache keeps: this one, and those of other versions of the program that may run at the same time. */
const MAX_BUNDLES = 4;
const GROUP_OR_OTHERS_MAY_WRITE = 0o022;

export interface WorkflowBundle {
  code: string;
}
export interface BundleOptions {
  workflowsPath?: string;
  isEncrypted?: boolean;
}

/**
 * Bundles the workflow code.
 *
 * A worker loads the code once for all workflows, which saves a third of the heap of an open build. That is safe because no module
 * of this bundle keeps state; the SDK freezes shared modules, so that one with state would throw.
 *
 * `isEncrypted`: messages of failures are written as payloads, which a codec can encrypt.
 */
export async function bundleWorkflows({
  workflowsPath = WORKFLOWS_PATH,
  isEncrypted = false,
}: BundleOptions = {}): Promise<WorkflowBundle> {
  const failures = isEncrypted ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {};
  const preloadModules = [workflowsPath, PAYLOAD_CONVERTER_PATH, ...Object.values(failures)];
  let output = '';
  const logger = new DefaultLogger('WARN', ({ message }) => (output += `${message}\n`));
  const payloadConverterPath = PAYLOAD_CONVERTER_PATH;
  try {
    return await bundleWorkflowCode({ workflowsPath, payloadConverterPath, ...failures, preloadModules, logger });
  } catch (error) {
    // The bundler writes a page, of which one line is the reason.
    const [reason] = /^\s*\S*Error: .*$/m.exec(output) ?? [String(error)];
    throw new Error(`the workflow code cannot be bundled: ${reason.trim()}`, { cause: error });
  }
}

/**
 * Gives the cached bundle of these sources; makes and caches it if there is none. If the cache cannot be read or written, the bundle is
 * made each time.
 */
export async function cachedBundle(
  { cacheDir, isEncrypted = false }: { cacheDir: string; isEncrypted?: boolean },
  bundle: (options: BundleOptions) => Promise<WorkflowBundle> = bundleWorkflows,
): Promise<WorkflowBundle> {
  const key = await keyOfSources().catch(() => undefined);
  if (key === undefined) return bundle({ isEncrypted });
  const folder = bundlesFolder(cacheDir);
  const file = join(folder, `${key}${isEncrypted ? '.encrypted' : ''}.js`);
  const cachedCode = await readIfOnlyOwnerWrites(file).catch(() => undefined);
  if (cachedCode !== undefined) return { code: cachedCode };
  const { code } = await bundle({ isEncrypted });
  // Sources that changed during the bundling have another key, so this bundle must not be stored.
  if ((await keyOfSources().catch(() => undefined)) === key)
    await storeBundle(folder, file, code).catch(() => undefined);
  return { code };
}

/** Undefined without npm's list of installed packages: then a changed package would not change the key. */
async function keyOfSources(): Promise<string | undefined> {
  const installed = await installedPackages();
  if (installed === undefined) return undefined;
  const files = (await readdir(SOURCES, { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile() && /\.(?:[cm]?[jt]s|json)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const digests = await Promise.all(
    files.map(async (file) => `${relative(SOURCES, file)} ${sha256(await readFile(file))}`),
  );
  return sha256([SOURCES, process.version, sha256(installed), ...digests].join('\n'));
}

/**
 * Reads npm's list of the packages that it installed; undefined where another program installed them. The list does not show
 * changes that were made by hand afterwards.
 */
function installedPackages(): Promise<Buffer | undefined> {
  const sdk = dirname(require.resolve('@temporalio/worker/package.json'));
  return readFile(join(sdk, '..', '..', '.package-lock.json')).catch(() => undefined);
}

/** Reads the file only where this user owns it and no other user may write it: the worker runs the code in it. */
async function readIfOnlyOwnerWrites(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r');
  try {
    const { uid, mode } = await handle.stat();
    const isOwn = uid === process.getuid?.() && (mode & GROUP_OR_OTHERS_MAY_WRITE) === 0;
    return isOwn ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}

async function storeBundle(folder: string, file: string, code: string): Promise<void> {
  // The parent folders keep the usual mode, since the sandbox's user must be able to enter them.
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceFile(file, Buffer.from(code));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const paths = names.map((name) => join(folder, name));
  const bundles = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  bundles.sort((one, other) => other.at - one.at);
  await Promise.all(bundles.slice(MAX_BUNDLES).map(({ path }) => unlink(path)));
}
