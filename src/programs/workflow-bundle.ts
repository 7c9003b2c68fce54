/**
 * The workflow code as one text, which a worker loads. Bundling takes two to three seconds of a core, so the text is kept in the
 * cache folder, under the digest of everything that it can be made of.
 */
import { mkdir, open, readdir, readFile, stat, unlink } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { DefaultLogger, bundleWorkflowCode } from '@temporalio/worker';
import { replaceWhole } from '../adapters/machine/write-whole';
import { sha256 } from '../inspect/digest';
import { bundlesFolder } from './data-folders';

const SOURCES = join(__dirname, '..');
const WORKFLOWS_PATH = join(SOURCES, 'workflows', `index${__filename.slice(-3)}`);
export const PAYLOAD_CONVERTER_PATH = join(SOURCES, 'workflows', `payloads${__filename.slice(-3)}`);
/** Only where payloads are encrypted. */
export const FAILURE_CONVERTER_PATH = join(SOURCES, 'workflows', `failures${__filename.slice(-3)}`);

/** How many are kept: this one, and those of other versions that may run beside it. */
const KEPT = 4;
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
 * All of it is loaded once for all workflows of a worker, not once for each: that is a third of the heap of an open build.
 * It may be, since the rooms of this bundle keep nothing at module level; the SDK freezes what is shared, so that a
 * module that did would throw.
 *
 * `isEncrypted`: failures are told in payloads, for a codec.
 */
export async function bundleWorkflows({
  workflowsPath = WORKFLOWS_PATH,
  isEncrypted = false,
}: BundleOptions = {}): Promise<WorkflowBundle> {
  const failures = isEncrypted ? { failureConverterPath: FAILURE_CONVERTER_PATH } : {};
  const preloadModules = [workflowsPath, PAYLOAD_CONVERTER_PATH, ...Object.values(failures)];
  let said = '';
  const logger = new DefaultLogger('WARN', ({ message }) => (said += `${message}\n`));
  const payloadConverterPath = PAYLOAD_CONVERTER_PATH;
  try {
    return await bundleWorkflowCode({ workflowsPath, payloadConverterPath, ...failures, preloadModules, logger });
  } catch (error) {
    // The bundler says a page, one line of which is the reason.
    const [reason] = /^\s*\S*Error: .*$/m.exec(said) ?? [String(error)];
    throw new Error(`the workflow code cannot be bundled: ${reason.trim()}`, { cause: error });
  }
}

/**
 * The bundle that is kept below `cacheDir`; made, and kept, where there is none of these sources. A cache that cannot be read or
 * written costs the time of bundling and nothing else.
 */
export async function keptBundle(
  { cacheDir, isEncrypted = false }: { cacheDir: string; isEncrypted?: boolean },
  bundle: (options: BundleOptions) => Promise<WorkflowBundle> = bundleWorkflows,
): Promise<WorkflowBundle> {
  const key = await keyOfSources().catch(() => undefined);
  if (key === undefined) return bundle({ isEncrypted });
  const folder = bundlesFolder(cacheDir);
  const file = join(folder, `${key}${isEncrypted ? '.encrypted' : ''}.js`);
  const kept = await readOwn(file).catch(() => undefined);
  if (kept !== undefined) return { code: kept };
  const { code } = await bundle({ isEncrypted });
  // Sources that changed under the bundler belong to another key, in whole or in part.
  if ((await keyOfSources().catch(() => undefined)) === key) await keep(folder, file, code).catch(() => undefined);
  return { code };
}

/** Undefined where the installed packages are written down nowhere: then a change of them would not be seen. */
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
 * What npm wrote of the packages that it installed beside the SDK's; undefined where another program installed them. A package that
 * was changed by hand afterwards is not in it.
 */
function installedPackages(): Promise<Buffer | undefined> {
  const sdk = dirname(require.resolve('@temporalio/worker/package.json'));
  return readFile(join(sdk, '..', '..', '.package-lock.json')).catch(() => undefined);
}

/** Reads the file only where this user owns it and no other user may write it: the worker runs what it says. */
async function readOwn(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r');
  try {
    const { uid, mode } = await handle.stat();
    const isOwn = uid === process.getuid?.() && (mode & GROUP_OR_OTHERS_MAY_WRITE) === 0;
    return isOwn ? await handle.readFile('utf8') : undefined;
  } finally {
    await handle.close();
  }
}

async function keep(folder: string, file: string, code: string): Promise<void> {
  // Above it are folders that the sandbox's user may enter.
  await mkdir(dirname(folder), { recursive: true });
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await replaceWhole(file, Buffer.from(code));
  const names = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  const paths = names.map((name) => join(folder, name));
  const bundles = await Promise.all(paths.map(async (path) => ({ path, at: (await stat(path)).mtimeMs })));
  bundles.sort((one, other) => other.at - one.at);
  await Promise.all(bundles.slice(KEPT).map(({ path }) => unlink(path)));
}
