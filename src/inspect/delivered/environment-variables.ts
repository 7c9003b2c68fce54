/**
 * Finds environment variables that the change reads and that only the settings of the tests set: the product then behaves
 * differently in production. Also finds variables that no text of the repository names: a switch that no test uses. Pure.
 */
import { literal } from '../../domain/literal';
import type { DeliveredFact } from '../../domain/delivered';
import { isMentioned } from './set-up/request-text';
import { changedPaths, isProduct, textBefore } from './tree';
import type { DeliveredTree } from './tree';
import { mentionsOf } from './variable-mentions';

/** One place where code reads a variable. */
interface VariableRead {
  path: string;
  line: number;
  text: string;
  name: string;
  hasDefault: boolean;
}

const NAME = '([A-Za-z_][\\w.-]{1,80})';
/** The expressions by which each language reads a variable or a property by its name. */
const READ_PATTERNS: readonly RegExp[] = [
  `\\b(?:process|Bun|import\\.meta)\\.env(?:\\?)?\\.${NAME}`,
  `\\b(?:process|Bun|import\\.meta)\\.env(?:\\?\\.)?\\[\\s?["'\`]${NAME}["'\`]`,
  `\\b(?:environ(?:b|\\.get|\\.pop)?|getenv|Getenv|LookupEnv|getProperty|getBoolean|getInteger|getLong|get_env|fetch_env!?|GetEnvironmentVariable|ini_get|env|Deno\\.env\\.get|env::var|env::var_os|var|var_os|env!|option_env!|ENV(?:\\.fetch)?|\\$_ENV|\\$_SERVER|getConfig)\\s?[[(]\\s?["']${NAME}["']`,
  `@(?:Value|ConfigProperty)\\((?:name\\s?=\\s?)?"(?:\\$\\{)?${NAME}`,
].map((pattern) => new RegExp(pattern, 'g'));
const DESTRUCTURED = /\b(?:const|let|var)\s*\{([^{}]{1,300})\}\s*=\s*(?:process|import\.meta|Bun)\.env\b/;
/** Signs that the line has a default for a variable that is not set. */
const HAS_DEFAULT =
  /\?\?|\|\||\bor\s|unwrap_or|\?:|:-|\borElse\b|cmp\.Or|(?:get|getenv|getProperty|getInteger|getLong|fetch|env|ENV\.fetch|get_env|getConfig)\(\s?["'][\w.-]{1,80}["']\s?,|\$\{[\w.-]{1,80}:|defaultValue|=\s?["'\d][^,}]{0,40}\}/;
/** Variables that systems, test runners and hosts set, without a setting of the project. */
const SET_BY_HOST =
  /^(?:NODE_ENV|ENV|ENVIRONMENT|APP_ENV|RAILS_ENV|CI|HOME|PATH|PORT|HOST|HOSTNAME|TZ|LANG|LC_\w+|USER|USERNAME|LOGNAME|PWD|SHELL|TERM|DEBUG|TMPDIR|TEMP|TMP|NO_COLOR|FORCE_COLOR|COLUMNS|LINES|EDITOR|VISUAL|DISPLAY|LOG_LEVEL|RUST_LOG|APPDATA|LOCALAPPDATA|PROGRAMFILES|SYSTEMROOT|MODE|DEV|PROD|SSR|BASE_URL|OUT_DIR|TARGET|PROFILE|NUM_JOBS|OPT_LEVEL|RUSTC|RUSTFLAGS|DOCS_RS|JAVA_HOME|GOPATH|GOROOT|VIRTUAL_ENV|KUBECONFIG|DATABASE_URL|SOURCE_DATE_EPOCH|(?:PYTHON|NODE|CONDA|SSH|LD|DYLD)_?\w*|(?:XDG|npm|GITHUB|GITLAB|VERCEL|NETLIFY|AWS|KUBERNETES|CARGO|PYTEST|JEST|VITEST|INIT_CWD|HTTP|HTTPS|REQUEST|SERVER|REMOTE|DOCUMENT|SCRIPT|http|https|no)_\w+|VITEST|CI_\w+|(?:java|os|user|file|line|path|sun|jdk)\.[\w.]+)$/;

/**
 * True if the change reads a variable. The rule then needs the texts of all code and settings, to know which file sets it.
 */
export function readsEnvironment(tree: DeliveredTree): boolean {
  return readsIn(tree).length > 0;
}

export function environmentFindings(tree: DeliveredTree): { found: DeliveredFact[]; notes: string[] } {
  const reads = readsIn(tree);
  if (reads.length === 0) return { found: [], notes: [] };
  const found: DeliveredFact[] = [];
  const notes: string[] = [];
  for (const { path, line, text, name, hasDefault } of reads) {
    const { firstInTests, isLive } = mentionsOf(tree, name);
    if (isLive || isMentioned(tree.asked, name, wholeWord(name))) continue;
    if (firstInTests === undefined) {
      const what = `reads ${name}, which no test sets and no text of the repository, the request or the plan names: test it, and name it in the documentation`;
      found.push({ path, line, text, what });
      continue;
    }
    const what = `reads ${name}, which the tests set (${firstInTests}), and nothing that goes live does`;
    if (hasDefault) notes.push(`${path}:${line} ${what}: no run of these tests shows its default`);
    else
      found.push({ path, line, text, what: `${what}: set it where the product runs, or name it in its documentation` });
  }
  return { found, notes };
}

function wholeWord(name: string): RegExp {
  return new RegExp(`(?<!\\w)${literal(name)}(?!\\w)`);
}

function readsIn(tree: DeliveredTree): VariableRead[] {
  const changed = new Set(changedPaths(tree).filter(isProduct));
  const seen = new Set<string>();
  return tree.added.flatMap(({ path, line, text }) => {
    if (!changed.has(path)) return [];
    return namesIn(text.slice(0, 500)).flatMap((name): VariableRead[] => {
      const isKnown = SET_BY_HOST.test(name) || seen.has(`${path} ${name}`) || textBefore(tree, path).includes(name);
      if (isKnown) return [];
      seen.add(`${path} ${name}`);
      return [{ path, line, text, name, hasDefault: HAS_DEFAULT.test(text.slice(0, 500)) }];
    });
  });
}

function namesIn(text: string): string[] {
  // Every pattern needs a quote or `.env`: a cheap check first.
  if (!/["'`]|\.env\b/.test(text) || /^\s*(?:\/\/|#(?!\[)|\*|--)/.test(text)) return [];
  const readNames = READ_PATTERNS.flatMap((pattern) =>
    [...text.matchAll(pattern)].flatMap(({ 0: all, 1: name = '', index }) =>
      // `process.env.X = 1` sets the variable and does not read it.
      /^\s*=(?!=)/.test(text.slice(index + all.length)) ? [] : [name],
    ),
  );
  const destructuredList = DESTRUCTURED.exec(text)?.[1] ?? '';
  const destructured = destructuredList.split(',').map((one) => one.trim().split(/[\s:=]/, 1)[0] ?? '');
  return [...new Set([...readNames, ...destructured].filter((name) => /^[A-Za-z_][\w.-]+$/.test(name)))];
}
