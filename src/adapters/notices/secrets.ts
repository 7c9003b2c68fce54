/**
 * The secrets that sign notices, from a file with one secret a line: `whsec_<base64>` for all projects, or `<project id> whsec_<base64>`
 * for one project. Several secrets of a project sign together, so that a secret can be replaced without a gap.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { isId } from '../../domain/ids';
import { createChangeReader } from '../machine/change-reader';
import { createFile } from '../machine/write-whole';

interface NoticeSecret {
  /** Null: of all projects that have no secret of their own. */
  projectId: string | null;
  secret: string;
}

const PREFIX = 'whsec_';
/** The bytes that the specification of Standard Webhooks allows. */
const [MIN_BYTES, MAX_BYTES] = [24, 64];

/** Reads the file's text; lines that are empty or begin with `#` are left out. Throws an Error that names the line, but no secret. */
export function readNoticeSecrets(text: string): NoticeSecret[] {
  const secrets = text.split(/\r?\n/).flatMap((line, index) => {
    const words = line.trim().split(/\s+/);
    if (words[0] === '' || words[0]?.startsWith('#')) return [];
    const [secret = '', projectId = null, ...more] = words.reverse();
    if (more.length > 0 || !isSecret(secret) || (projectId !== null && !isId(projectId)))
      throw new Error(
        `is wrong in line ${index + 1}: it must be "whsec_<base64 of ${MIN_BYTES} to ${MAX_BYTES} bytes>", or a project id and such a secret`,
      );
    return [{ projectId, secret }];
  });
  if (secrets.length === 0) throw new Error('has no secret; write a line "whsec_<base64 of 24 to 64 bytes>"');
  return secrets;
}

function isSecret(text: string): boolean {
  if (!text.startsWith(PREFIX)) return false;
  const encoded = text.slice(PREFIX.length);
  const bytes = Buffer.from(encoded, 'base64');
  return bytes.toString('base64') === encoded && bytes.length >= MIN_BYTES && bytes.length <= MAX_BYTES;
}

/**
 * Gives a function that reads the secrets of a project; a changed file is read again. `isOwn`: the file belongs to this installation,
 * and is made with a new secret where it does not exist.
 */
export function createNoticeSecrets({ file, isOwn }: { file: string; isOwn: boolean }) {
  const readSecrets = createChangeReader(file, async () => readNoticeSecrets(await readFile(file, 'utf8')));
  return async function secretsOf(projectId: string): Promise<string[]> {
    if (isOwn) await makeOwn(file);
    const secrets = await readSecrets();
    const ofProject = secrets.filter((one) => one.projectId === projectId);
    const used = ofProject.length > 0 ? ofProject : secrets.filter((one) => one.projectId === null);
    return used.map(({ secret }) => secret);
  };
}

const made = new Map<string, Promise<unknown>>();

/** Makes the file once. If several processes make one at the same time, all use the one that was stored first. */
function makeOwn(file: string): Promise<unknown> {
  const making =
    made.get(file) ?? createFile(file, Buffer.from(`${PREFIX}${randomBytes(32).toString('base64')}\n`, 'utf8'));
  made.set(file, making);
  making.catch(() => made.delete(file));
  return making;
}
