/**
 * `qo token`: makes, lists and revokes the named tokens of the API in DATA_DIR. A running API applies the change at once.
 *
 * The secret is written once, to standard output or to the file of --out; messages go to standard error.
 */
import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isActive, createToken, readTokens, revokeToken, tokenFileIn } from '../../adapters/access/token-file';
import { createFile, replaceFile } from '../../adapters/machine/write-whole';
import { isProjects, isRight, isTokenName, PROJECTS_LIMIT, RIGHTS } from '../../domain/access';
import type { Projects, Right } from '../../domain/access';
import type { KeptToken } from '../../ports/access';

/** The output and the exit code. 0: done; 1: the name is in use, or there is no such token; 2: an argument is wrong. */
export interface TokenOutput {
  out: string;
  err: string;
  exitCode: 0 | 1 | 2;
}

const OPTIONS = {
  name: { type: 'string' },
  rights: { type: 'string' },
  projects: { type: 'string' },
  expires: { type: 'string' },
  'if-none': { type: 'boolean' },
  out: { type: 'string' },
  json: { type: 'boolean' },
} as const;
type Options = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

/** The options of each verb. */
const VERB_OPTIONS: Record<string, ReadonlyArray<keyof typeof OPTIONS>> = {
  create: ['name', 'rights', 'projects', 'expires', 'if-none', 'out'],
  list: ['json'],
  revoke: [],
};

/** A wrong argument; the message names it and the right form. */
class ArgumentError extends Error {}

export async function runToken(args: string[], dataDir: string): Promise<TokenOutput> {
  try {
    const [verb, name, values] = readVerb(args);
    const file = tokenFileIn(dataDir);
    if (verb === 'create') return await create(file, values);
    if (verb === 'list') return await list(file, values.json === true);
    return await revoke(file, name ?? '');
  } catch (error) {
    if (!(error instanceof ArgumentError)) throw error;
    return { out: '', err: `${error.message}\n`, exitCode: 2 };
  }
}

/** Parses the command line: the verb, for `revoke` the name of a token, and the options. */
function readVerb(args: string[]): [verb: string, name: string | undefined, options: Options] {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [verb = '', name, ...more] = positionals;
  const allowed = VERB_OPTIONS[verb];
  if (allowed === undefined)
    throw new ArgumentError(`qo token ${verb}: must be one of ${Object.keys(VERB_OPTIONS).join(', ')}`);
  const unknown = Object.keys(values).find((option) => !(allowed as readonly string[]).includes(option));
  if (unknown !== undefined) throw new ArgumentError(`qo token ${verb} takes no --${unknown}`);
  const extra = verb === 'revoke' ? more[0] : name;
  if (extra !== undefined) throw new ArgumentError(`qo token ${verb}: "${extra}" is one word too many`);
  if (verb === 'revoke' && name === undefined) throw new ArgumentError('qo token revoke <name>: the name is missing');
  return [verb, name, values];
}

async function create(file: string, options: Options): Promise<TokenOutput> {
  const { 'if-none': onlyFirst = false, out } = options;
  const given = {
    name: readName(options.name),
    rights: readRights(options.rights),
    projects: readProjects(options.projects),
    expiresAt: readExpiry(options.expires),
  };
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  let secret = '';
  const created = await createToken(file, {
    ...{ ...given, onlyFirst },
    async hand(made) {
      secret = made;
      if (out !== undefined) await writeSecret(resolve(out), { text: `${made}\n`, mayReplace: onlyFirst });
    },
  });
  if (created === 'there') return success('a token exists already, so none is made');
  if (created === 'taken') {
    const remedy = 'choose another name, or revoke the existing token first';
    return { out: '', err: `--name "${given.name}": a token with this name exists; ${remedy}\n`, exitCode: 1 };
  }
  const where = out === undefined ? 'It is shown only now' : `It is in ${out}`;
  const words = `token "${given.name}" (${describe(given)}). ${where}; only its SHA-256 is stored, in ${file}`;
  return { ...success(words), out: out === undefined ? `${secret}\n` : '' };
}

/** `mayReplace`: where the first start was interrupted, its file may exist, but its token was never stored. */
async function writeSecret(path: string, { text, mayReplace }: { text: string; mayReplace: boolean }): Promise<void> {
  if (mayReplace) return replaceFile(path, Buffer.from(text));
  if (!(await createFile(path, Buffer.from(text))))
    throw new ArgumentError(`--out "${path}": the file exists; name another one`);
}

async function list(file: string, asJson: boolean): Promise<TokenOutput> {
  const tokens = await readTokens(file);
  if (asJson) {
    const shown = tokens.map(({ name, rights, projects, ...token }) => ({
      ...{ name, rights, projects, state: stateOf({ name, rights, projects, ...token }) },
      ...{ created_at: token.createdAt, expires_at: token.expiresAt, revoked_at: token.revokedAt },
    }));
    return { out: `${JSON.stringify(shown, null, 2)}\n`, err: '', exitCode: 0 };
  }
  if (tokens.length === 0) return success('no token exists; `qo token create --name <name> --rights admin` makes one');
  const lines = tokens.map((token) => `${token.name.padEnd(20)} ${stateOf(token).padEnd(8)} ${describe(token)}`);
  return { out: `${lines.join('\n')}\n`, err: '', exitCode: 0 };
}

async function revoke(file: string, name: string): Promise<TokenOutput> {
  if (await revokeToken(file, name))
    return success(`token "${name}" is revoked; answers that are being sent to it end within a second`);
  return { out: '', err: `there is no token "${name}" to revoke; \`qo token list\` shows all tokens\n`, exitCode: 1 };
}

function success(words: string): TokenOutput {
  return { out: '', err: `${words}\n`, exitCode: 0 };
}

function describe({ rights, projects, expiresAt }: Pick<KeptToken, 'rights' | 'projects' | 'expiresAt'>): string {
  const where = projects === '*' ? 'all projects' : projects.join(',');
  return `${rights.join(',')}; ${where}; ${expiresAt === null ? 'never expires' : `expires ${expiresAt}`}`;
}

function stateOf(token: KeptToken): 'valid' | 'expired' | 'revoked' {
  if (token.revokedAt !== null) return 'revoked';
  return isActive(token) ? 'valid' : 'expired';
}

function readName(given: string | undefined): string {
  if (isTokenName(given)) return given;
  throw wrongOption('name', given, '1 to 64 letters, digits or any of . _ @ + -, a letter or digit first');
}

function readRights(given: string | undefined): Right[] {
  const rights = splitList(given);
  if (rights.length > 0 && rights.every(isRight)) return [...new Set(rights)];
  throw wrongOption('rights', given, `one or more of ${RIGHTS.join(', ')}, with commas between`);
}

function readProjects(given: string | undefined): Projects {
  if (given === undefined || given.trim() === '*') return '*';
  const projects = [...new Set(splitList(given))];
  if (isProjects(projects)) return projects;
  throw wrongOption('projects', given, `up to ${PROJECTS_LIMIT} ids of projects with commas between, or * for all`);
}

const UNIT_MS: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MAX_LIFETIME_MS = 10 * 366 * 86_400_000;

function readExpiry(given: string | undefined): string | null {
  if (given === undefined) return null;
  const [, count, unit = ''] = /^(\d{1,6})([mhdw])$/.exec(given) ?? [];
  const isDate = /^\d{4}-\d{2}-\d{2}(T[\d:.]+Z)?$/.test(given);
  const at =
    count === undefined ? (isDate ? Date.parse(given) : NaN) : Date.now() + Number(count) * (UNIT_MS[unit] ?? 0);
  if (at > Date.now() && at < Date.now() + MAX_LIFETIME_MS) return new Date(at).toISOString();
  throw wrongOption('expires', given, 'a future time within ten years, such as 90m, 12h, 30d, 8w or 2030-01-31');
}

function splitList(given = ''): string[] {
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function wrongOption(option: string, given: string | undefined, right: string): ArgumentError {
  const what = given === undefined ? `--${option} is missing` : `--${option} "${given}" is wrong`;
  return new ArgumentError(`${what}: it must be ${right}`);
}
