/**
 * Variables of the surroundings that the change reads and that only settings of the tests set: what is tested then is another
 * product than what goes live. And those that nothing sets or names at all: a way into the code that nobody has seen. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { speaksOf } from './set-up/request-text';
import { changedPaths, isProduct, textBefore } from './tree';
import type { DeliveredTree } from './tree';
import { mentionsOf } from './variable-mentions';

interface Read {
  path: string;
  line: number;
  text: string;
  name: string;
  hasDefault: boolean;
}

const NAME = '([A-Za-z_][\\w.-]{1,80})';
/** How the languages read a variable or a property by its name. */
const READS: readonly RegExp[] = [
  `\\b(?:process|Bun|import\\.meta)\\.env(?:\\?)?\\.${NAME}`,
  `\\b(?:process|Bun|import\\.meta)\\.env(?:\\?\\.)?\\[\\s?["'\`]${NAME}["'\`]`,
  `\\b(?:environ(?:b|\\.get|\\.pop)?|getenv|Getenv|LookupEnv|getProperty|getBoolean|getInteger|getLong|get_env|fetch_env!?|GetEnvironmentVariable|ini_get|env|Deno\\.env\\.get|env::var|env::var_os|var|var_os|env!|option_env!|ENV(?:\\.fetch)?|\\$_ENV|\\$_SERVER|getConfig)\\s?[[(]\\s?["']${NAME}["']`,
  `@(?:Value|ConfigProperty)\\((?:name\\s?=\\s?)?"(?:\\$\\{)?${NAME}`,
].map((pattern) => new RegExp(pattern, 'g'));
const TAKEN_OUT = /\b(?:const|let|var)\s*\{([^{}]{1,300})\}\s*=\s*(?:process|import\.meta|Bun)\.env\b/;
/** A value stands beside it for where it is not set. */
const DEFAULT =
  /\?\?|\|\||\bor\s|unwrap_or|\?:|:-|\borElse\b|cmp\.Or|(?:get|getenv|getProperty|getInteger|getLong|fetch|env|ENV\.fetch|get_env|getConfig)\(\s?["'][\w.-]{1,80}["']\s?,|\$\{[\w.-]{1,80}:|defaultValue|=\s?["'\d][^,}]{0,40}\}/;
/** Set by systems, runners and hosts, whatever a project says. */
const USUAL =
  /^(?:NODE_ENV|ENV|ENVIRONMENT|APP_ENV|RAILS_ENV|CI|HOME|PATH|PORT|HOST|HOSTNAME|TZ|LANG|LC_\w+|USER|USERNAME|LOGNAME|PWD|SHELL|TERM|DEBUG|TMPDIR|TEMP|TMP|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|EDITOR|VISUAL|DISPLAY|LOG_LEVEL|RUST_LOG|APPDATA|LOCALAPPDATA|PROGRAMFILES|SYSTEMROOT|MODE|DEV|PROD|SSR|BASE_URL|OUT_DIR|TARGET|PROFILE|NUM_JOBS|OPT_LEVEL|RUSTC|RUSTFLAGS|DOCS_RS|JAVA_HOME|GOPATH|GOROOT|VIRTUAL_ENV|KUBECONFIG|DATABASE_URL|SOURCE_DATE_EPOCH|(?:PYTHON|NODE|CONDA|SSH|LD|DYLD)_?\w*|(?:XDG|npm|GITHUB|GITLAB|VERCEL|NETLIFY|AWS|KUBERNETES|CARGO|PYTEST|JEST|VITEST|INIT_CWD|HTTP|HTTPS|REQUEST|SERVER|REMOTE|DOCUMENT|SCRIPT|http|https|no)_\w+|VITEST|CI_\w+|(?:java|os|user|file|line|path|sun|jdk)\.[\w.]+)$/;

/** True where the change reads one, so that the texts of all code and settings are needed to tell who sets it. */
export function readsSurroundings(tree: DeliveredTree): boolean {
  return readsIn(tree).length > 0;
}

export function surroundingsOf(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const reads = readsIn(tree);
  if (reads.length === 0) return { found: [], notes: [] };
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  for (const { path, line, text, name, hasDefault } of reads) {
    const { tests, isLive } = mentionsOf(tree, name);
    if (isLive || speaksOf(tree.asked, name, wordOf(name))) continue;
    if (tests === undefined) {
      const what = `reads ${name}, which no test sets and no text of the repository, the request or the plan names: test it, and name it in the documentation`;
      found.push({ path, line, text, what });
      continue;
    }
    const what = `reads ${name}, which the tests set (${tests}), and nothing that goes live does`;
    if (hasDefault) notes.push(`${path}:${line} ${what}: no run of these tests shows its default`);
    else
      found.push({ path, line, text, what: `${what}: set it where the product runs, or name it in its documentation` });
  }
  return { found, notes };
}

function wordOf(name: string): RegExp {
  return new RegExp(`(?<!\\w)${literal(name)}(?!\\w)`);
}

function readsIn(tree: DeliveredTree): Read[] {
  const changed = new Set(changedPaths(tree).filter(isProduct));
  const seen = new Set<string>();
  return tree.added.flatMap(({ path, line, text }) => {
    if (!changed.has(path)) return [];
    return namesIn(text.slice(0, 500)).flatMap((name): Read[] => {
      const isOld = USUAL.test(name) || seen.has(`${path} ${name}`) || textBefore(tree, path).includes(name);
      if (isOld) return [];
      seen.add(`${path} ${name}`);
      return [{ path, line, text, name, hasDefault: DEFAULT.test(text.slice(0, 500)) }];
    });
  });
}

function namesIn(text: string): string[] {
  // Each way to read one has a quote or this word.
  if (!/["'`]|\.env\b/.test(text) || /^\s*(?:\/\/|#(?!\[)|\*|--)/.test(text)) return [];
  const read = READS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ 0: all, 1: name = '', index }) =>
      // `process.env.X = 1` sets it.
      /^\s*=(?!=)/.test(text.slice(index + all.length)) ? [] : [name],
    ),
  );
  const listed = TAKEN_OUT.exec(text)?.[1] ?? '';
  const taken = listed.split(',').map((one) => one.trim().split(/[\s:=]/, 1)[0] ?? '');
  return [...new Set([...read, ...taken].filter((name) => /^[A-Za-z_][\w.-]+$/.test(name)))];
}
