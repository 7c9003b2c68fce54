/**
 * Finds lines of a file that can do harm although tests pass. Sources are read through their code view; commands, SQL
 * and pages as plain text. Pure; each pattern is bounded.
 */
import { syntaxOf, viewOf } from '../asks/code-view';
import type { CodeView, Syntax } from '../asks/code-view';
import { ANSWERS } from './answers';
import { ASSERTS } from './asserts';
import { DEFAULTS } from './defaults';
import { DIRECTIVES, WEAKER_RUNTIME } from './directives';
import { DOORS, DOORS_IN_SETTINGS } from './doors';
import { EXPOSED, EXPOSED_IN_SETTINGS } from './exposed';
import { functionHarms } from './function-harms';
import type { HarmKind } from './harmed-files';
import { hostsIn, tagsIn } from './hosts';
import type { NamedHost } from './hosts';
import { LOCKS_PER_CALL } from './idle-wrappers';
import { LATER } from './later';
import { MEMORY } from './memory';
import { PANICS_OF_ARITHMETIC, PANICS_OF_TESTS } from './panics';
import { PROCESS_WIDE } from './process-wide';
import { AWAY_IN_CODE, AWAY_IN_COMMANDS, RIGHTS, RIGHTS_IN_COMMANDS } from './rights';
import { REACHES } from './reaches';
import { LOGGED } from './logged';
import { onTheMachine, rowsWithoutComments } from './machine';
import { matchesOf } from './rule';
import type { Harm, HarmRule } from './rule';
import { RUN_TEXT } from './run-text';
import { CIPHERS } from './sealed';
import { MIGRATION, harmOfLiteral, sqlHarms } from './sql';
import { sqlRightsHarms } from './sql-rights';
import { SQL_TEXT, plainQuotes } from './sql-text';
import { UNHELD_IN_CODE } from './sql-unheld';
import { SWALLOWED } from './swallowed';
import { UNFINISHED } from './unfinished';
import { linesAt } from './texts';
import { TRUST, TRUST_IN_COMMANDS } from './trust';
import { ESCAPES } from './weak/escapes';
import { HOSTED, HOSTED_SQL } from './weak/hosted';
import { PAGE_POLICIES_IN_TEXTS } from './weak/page-policies';
import { styleHarms } from './weak/styles';
import { WEAKNESSES } from './weak/weaknesses';

export interface HarmfulLines {
  harms: Harm[];
  hosts: NamedHost[];
}

export const SOURCE_RULES: readonly HarmRule[] = [
  ...RUN_TEXT,
  ...TRUST,
  ...PROCESS_WIDE,
  ...LATER,
  ...ASSERTS,
  ...RIGHTS,
  ...AWAY_IN_CODE,
  ...SWALLOWED,
  ...REACHES,
  ...SQL_TEXT,
  ...UNHELD_IN_CODE,
  ...DOORS,
  ...LOGGED,
  ...EXPOSED,
  ...UNFINISHED,
  ...DEFAULTS,
  ...CIPHERS,
  ...LOCKS_PER_CALL,
  ...PANICS_OF_ARITHMETIC,
  ...PANICS_OF_TESTS,
  ...MEMORY,
  ...ANSWERS,
  ...WEAKNESSES,
];
const SETTINGS_RULES = [
  ...DOORS_IN_SETTINGS,
  ...EXPOSED_IN_SETTINGS,
  ...WEAKER_RUNTIME,
  ...HOSTED,
  ...PAGE_POLICIES_IN_TEXTS,
];
const COMMAND_RULES = [...TRUST_IN_COMMANDS, ...RIGHTS_IN_COMMANDS, ...SETTINGS_RULES];
const MAX_HARMS = 200;
/** Larger files are generated or data, and no reviewer reads their lines. */
const MAX_SOURCE_CHARS = 1_000_000;

export function harmfulLines(path: string, source: string, kind: HarmKind): HarmfulLines {
  if (source.length > MAX_SOURCE_CHARS) return { harms: [], hosts: [] };
  const { harms: foundByRules, hosts } = harmsByRules(path, source, kind);
  const isScript = kind === 'commands' || /\.(?:sh|bash|zsh|bats)$/.test(path);
  const mayRun = isScript || kind === 'source' || kind === 'test';
  const harms = [...foundByRules, ...(mayRun ? onTheMachine(path, rowsWithoutComments(source), isScript) : [])];
  const firstByKey = new Map<string, Harm>();
  for (const one of harms)
    if (!firstByKey.has(`${one.line} ${one.does}`)) firstByKey.set(`${one.line} ${one.does}`, one);
  // A line with a finding needs no additional note.
  const linesWithFinding = new Set(harms.filter(({ isNote }) => !isNote).map(({ line }) => line));
  const reported = [...firstByKey.values()].filter(({ isNote, line }) => !isNote || !linesWithFinding.has(line));
  return { harms: reported.sort((a, b) => a.line - b.line).slice(0, MAX_HARMS), hosts };
}

function harmsByRules(path: string, source: string, kind: HarmKind): HarmfulLines {
  const lineAt = linesAt(source);
  if (kind === 'sql')
    return {
      harms: [...sqlHarms(path, source), ...sqlRightsHarms(source), ...harmsInText(path, source, HOSTED_SQL)],
      hosts: [],
    };
  if (kind === 'style') return styleHarms(source, lineAt);
  if (kind === 'page')
    return { harms: harmsInText(path, source, PAGE_POLICIES_IN_TEXTS), hosts: tagsIn(source, lineAt) };
  if (kind === 'image')
    return { harms: [...harmsInText(path, source, COMMAND_RULES), ...rootAtEnd(source)], hosts: [] };
  if (kind === 'settings') return { harms: harmsInText(path, source, SETTINGS_RULES), hosts: [] };
  if (kind === 'commands')
    return { harms: harmsInText(path, source, [...COMMAND_RULES, ...AWAY_IN_COMMANDS]), hosts: [] };
  const syntax = syntaxOf(path);
  if (syntax === undefined) return { harms: [], hosts: [] };
  const view = viewOf(source, syntax);
  // Of the rules for products, only those about exposed data and Rust panics apply to tests.
  if (kind === 'test')
    return { harms: [...EXPOSED, ...PANICS_OF_TESTS].flatMap((rule) => harmsByRule(view, syntax, rule)), hosts: [] };
  const harms = [
    ...SOURCE_RULES.flatMap((rule) => harmsByRule(view, syntax, rule)),
    ...functionHarms(view, syntax, source),
    ...harmsInLiterals(view),
    ...harmsInMigration(path, source, view),
    ...harmfulDirectives(source, syntax, lineAt),
    ...harmfulEscapes(path, source, lineAt),
  ];
  const tags = /\.(?:vue|svelte|astro)$/.test(path) ? tagsIn(source, lineAt) : [];
  return { harms, hosts: [...hostsIn(view, syntax), ...tags] };
}

function harmsByRule(view: CodeView, syntax: Syntax, rule: HarmRule): Harm[] {
  if (rule.in?.includes(syntax) === false || rule.beside?.test(view.text) === false) return [];
  return matchesOf(rule.pattern, rule.hasPlainQuotes === true ? plainQuotes(view) : view.text)
    .filter(({ index, text }) => rule.inText === true || view.isText[index + firstNonBlank(text)] !== true)
    .filter(({ index }) => rule.atTop !== true || index === 0 || view.text[index - 1] === '\n')
    .filter(({ text }) => rule.unless?.test(text) !== true)
    .filter((match) => rule.holds?.(view, match) !== false)
    .map(({ index, text }) => harmAt(rule, view.lines[index] ?? 1, view.lines[index + text.length - 1] ?? 1));
}

function firstNonBlank(text: string): number {
  return Math.max(0, text.search(/\S/));
}

function harmAt({ does, why, isNote }: Pick<HarmRule, 'does' | 'why' | 'isNote'>, line: number, to: number): Harm {
  return { line, to, does, why, isNote: isNote === true };
}

const HASH_COMMENT = /^[ \t]*#(?!!)[^\n]*/gm;
/** The comments of Firebase rules. */
const SLASH_COMMENT = /(?<![:"'])\/\/[^\n]*/g;

/** Applies rules to plain text whose comments are blanked. */
function harmsInText(path: string, source: string, rules: readonly HarmRule[]): Harm[] {
  // JSON has no comments.
  const text = path.endsWith('.json')
    ? source
    : source.replace(path.endsWith('.rules') ? SLASH_COMMENT : HASH_COMMENT, (all) => ' '.repeat(all.length));
  const lineAt = linesAt(text);
  return rules.flatMap((rule) =>
    matchesOf(rule.pattern, text).map(({ index, text: all }) => {
      const start = index + firstNonBlank(all);
      return harmAt(rule, lineAt(start), lineAt(index + all.length - 1));
    }),
  );
}

/** Finds an image whose last user is root: the program runs as the last user. */
function rootAtEnd(source: string): Harm[] {
  const users = matchesOf(/^[ \t]*USER[ \t]+(\S+)/gim, source);
  const last = users.at(-1);
  if (last === undefined || !/^(?:root|0)(?::|$)/.test(last.groups[0] ?? '')) return [];
  const line = linesAt(source)(last.index + firstNonBlank(last.text));
  const does = 'runs the program of the image as root';
  return [{ line, to: line, does, why: 'nothing limits what it may do', isNote: false }];
}

/** Names of functions whose purpose is to delete rows. */
const CLEARING_NAME =
  /(?:clear|reset|purge|wipe|empty|truncate|flush|deleteAll|removeAll|drop|teardown|destroy)\w{0,40}\b/i;
const ROLLBACK_WORDS = /\b(?:down|downgrade|rollback|revert|undo|teardown|tear_down)\b\s{0,9}(?:[=:(]|\w)/gi;
const MIGRATE_WORDS = /\b(?:up|upgrade|change)\b\s{0,9}(?:[=:(]|\w)/gi;

/** How far above a statement the words for migration and rollback are searched. */
const MAX_CHARS_ABOVE = 20_000;

/** True if a statement of a migration belongs to the rollback: of both kinds of words, the nearest above is one for rollback. */
function isInRollback(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - MAX_CHARS_ABOVE), index);
  const lastIndexOf = (pattern: RegExp): number => matchesOf(pattern, before, MAX_CHARS_ABOVE).at(-1)?.index ?? -1;
  return lastIndexOf(ROLLBACK_WORDS) > lastIndexOf(MIGRATE_WORDS);
}

/** Finds SQL in literals that deletes or rewrites data. */
function harmsInLiterals({ text, isText, lines }: CodeView): Harm[] {
  if (!/\b(?:drop|truncate|delete|update)\s/i.test(text)) return [];
  return matchesOf(
    /(?<=['\s])(?:DROP\s+(?:TABLE|DATABASE|SCHEMA)|TRUNCATE\s|ALTER\s+TABLE|DELETE\s+FROM|UPDATE\s+\S{1,60}\s+SET)\b/gi,
    text,
  ).flatMap(({ index }): Harm[] => {
    if (isText[index] !== true) return [];
    let end = index;
    while (end < text.length && isText[end] === true) end += 1;
    const isCompleteText = /^'\s*(?:[,;)\]}]|$)|^'[ \t]*\n(?!\s*(?:[+.&]|[frbFRB]{0,2}'))/.test(
      text.slice(end, end + 20),
    );
    const does = harmOfLiteral(text.slice(index, end).split(';')[0] ?? '', isCompleteText);
    if (does === undefined || isInRollback(text, index)) return [];
    const isClearing =
      /^(?:deletes|rewrites)/.test(does) && CLEARING_NAME.test(text.slice(Math.max(0, index - 200), index));
    const why = 'no earlier release can bring back the rows';
    return [{ line: lines[index] ?? 1, to: lines[end - 1] ?? 1, does, why, isNote: isClearing }];
  });
}

const DROPPING_CALL =
  /\b(?:dropTable|dropTableIfExists|dropColumns?|removeColumn|dropSchema|drop_table|drop_column|remove_column|DeleteModel|RemoveField|dropAllTables)\s{0,3}[( ]/g;

/** Finds calls and SQL of a migration in code that drop data or change rights. */
function harmsInMigration(path: string, source: string, { text, isText, lines }: CodeView): Harm[] {
  if (!MIGRATION.test(path)) return [];
  const byRights = /\b(?:TRIGGER|GRANT|SECURITY|RULE)\s/.test(text) ? sqlRightsHarms(source) : [];
  const byCall = matchesOf(DROPPING_CALL, text)
    .filter(({ index }) => isText[index] !== true && !isInRollback(text, index))
    .map(({ index }) => {
      const line = lines[index] ?? 1;
      const why = 'no earlier release can bring back the rows';
      return { line, to: line, does: 'drops a table or a column', why, isNote: false };
    });
  return [...byCall, ...byRights];
}

function harmfulDirectives(source: string, syntax: Syntax, lineAt: (index: number) => number): Harm[] {
  return DIRECTIVES.filter((rule) => rule.in.includes(syntax)).flatMap((rule) =>
    matchesOf(rule.pattern, source)
      // Python reads an encoding in the first two lines only.
      .filter(({ index }) => syntax !== 'python' || !rule.does.includes('encoding') || lineAt(index) <= 2)
      .map(({ index }) => harmAt(rule, lineAt(index), lineAt(index))),
  );
}

function harmfulEscapes(path: string, source: string, lineAt: (index: number) => number): Harm[] {
  return ESCAPES.filter(({ files }) => files.test(path)).flatMap((rule) =>
    matchesOf(rule.pattern, source).map(({ index }) => harmAt(rule, lineAt(index), lineAt(index))),
  );
}
