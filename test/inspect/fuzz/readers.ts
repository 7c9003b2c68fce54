/**
 * Lists all readers of foreign text, those of src/inspect and of other folders, with a function that feeds each of them.
 *
 * An exported function that takes a text is fed by the names and types of its parameters. A function that takes a whole tree, or a
 * value that another reader parsed, is fed through a reader in the tables of the other files in this folder.
 */
import { join } from 'node:path';
import { exportedFunctions, INSPECT } from './exported';
import { OTHERS } from './others';
import { ANY, originFile, SOURCES } from './places';
import { OF_TEXTS } from './texts';
import { OF_TREES } from './trees';
import type { Call, Reader, TableReader } from './types';

const TABLE_READERS: Record<string, TableReader> = { ...OF_TREES, ...OF_TEXTS };

/** The argument for each parameter: the text, or a value that goes with it. Functions with other parameters are not fed by this table. */
const ARGUMENTS: Record<string, (text: string, path: string) => unknown> = {
  ...Object.fromEntries(
    [
      'text',
      'source',
      'before',
      'after',
      'line',
      'row',
      'log',
      'report',
      'manifest',
      'script',
      'removed',
      'condition',
      'written',
      'value',
      'work',
      'name',
      'message',
    ].map((name) => [`${name}: string`, (text: string) => text]),
  ),
  'text: string | undefined': (text) => text,
  'pyproject: string | undefined': (text) => text,
  'bytes: Buffer': (text) => Buffer.from(text),
  'content: Buffer': (text) => Buffer.from(text),
  'output: Buffer': (text) => Buffer.from(text),
  'content: string | Uint8Array': (text) => text,
  'file: OriginFile': (_, path) => originFile(path),
  '{path}: OriginFile': (_, path) => originFile(path),
  '{path,isRead}: OriginFile': (_, path) => originFile(path),
  "{before}: Pick<OriginFile, 'before'>": () => ({ before: null }),
  'path: string': (_, path) => path,
  'file: string': (_, path) => path,
  'lineAt: (index: number) => number': () => () => 1,
  'isCompleteText: boolean': () => true,
  'isContinued: boolean': () => true,
  'linesAfter: readonly string[]': () => ['a'],
  'folder: string': () => '',
  'decodeOdd: (line: Buffer) => string': () => undefined,
  'isNetrc: = false': () => false,
  'comment: = /^(#|\\/\\/)/': () => undefined,
  "{name}: Pick<SetUpKind, 'name'>": () => ({ name: 'image' }),
  '{isPasswordList}: Place': () => ({ isPasswordList: false }),
  '{isTest,isProse,nowMs}: Place': () => ({ isTest: false, isProse: false, nowMs: 0 }),
  'syntax: Syntax': () => 'script',
  'spec: string': (text) => text,
  'target: string': (text) => text,
  'needle: string': (text) => text,
  'what: string': () => 'a',
  '{path,text}: { path: string; text: string }': (text, path) => ({ path, text }),
};
const isText = (param: string): boolean =>
  /^(?:text|source|before|after|line|row|log|report|manifest|script|removed|condition|written|value|work|name|message|pyproject|bytes|content|output|spec|target|needle|\{path,text\}): (?:string|Buffer|\{ path: string; text: string \}$)/.test(
    param,
  );

/** Names of files, folders, hosts and the like, which are short: the paths of a tree have at most 4,096 bytes. */
const SHORT_PARAMETER =
  /^(?:path|paths|rows|roots|name|folder|from|to|specifier|module|hostname|address|word|places|names|pattern|patterns|ecosystem|language|grammar|members|setup|command)\b/;
/** Parameters with values that were already read from a text, or that no text reaches. */
const PARSED_PARAMETER =
  /\b(?:Syntax|CodeView|Altered|AlteredFile|RequestAndPlan|RuleContext|AskedOptions|Known|Meant|Reading|NamedCall|ReadFunction|Token|Row|Variable|ListFile|DeliveredTree|ChangeTexts|JudgedTree|TreeWithCommands|Graph|Links|Tree|TreeReader|ProjectTree|PythonProject|Harm|LineCounts|ChangedFile|AddedLine|TestCase|TestCounts|TestRun|Summary|RegExp|ReadonlyMap<string, string>|Record<string, unknown>|Workspace|Iterable<string>|unknown|number)\b|=> ProjectTree/;

/** Functions that need no feeding: they call readers that are fed, format the answer of a tool, or take paths. */
const NOT_FED =
  /^readings\/|^tool-texts\/show#(?:page|callOf)$|^delivered\/set-up\/overlays#targetsOf$|^paths#linkStaysInside$|^last-asked#/;

/** Exported functions of src/inspect that neither table feeds; a test checks that there are none. */
export function unfedReaders(): string[] {
  return exportedFunctions()
    .filter(({ id }) => !NOT_FED.test(id))
    .filter(({ id, params }) => !(id in TABLE_READERS) && !isFed(params) && !takesNoText(params))
    .map(({ id, params }) => `${id}(${params.join('; ')})`);
}

/** Rows of the tables whose reader does not exist any more. */
export function rowsWithoutReader(): string[] {
  const known = new Set(exportedFunctions().map(({ id }) => id));
  return Object.keys(TABLE_READERS).filter((id) => !known.has(id));
}

function isFed(params: string[]): boolean {
  return params.some(isText) && params.every((one) => one in ARGUMENTS);
}

function takesNoText(params: string[]): boolean {
  return (
    params.length === 0 ||
    PARSED_PARAMETER.test(params[0] ?? '') ||
    (SHORT_PARAMETER.test(params[0] ?? '') && !params.some(isText))
  );
}

export function allReaders(): Reader[] {
  const ownReaders = exportedFunctions().flatMap(({ id, params }): Reader[] => {
    const tableReader = TABLE_READERS[id];
    if (tableReader === undefined && !isFed(params)) return [];
    const [module = '', name = ''] = id.split('#');
    let call: Call | undefined;
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- A reader is loaded when it is fed.
    const load = (): Call => (call ??= (require(join(INSPECT, module)) as Record<string, Call>)[name] as Call);
    if (tableReader !== undefined)
      return [{ id, paths: tableReader[0], feed: (text, path) => tableReader[1](load(), text, path) }];
    const paths = params.some((one) => /^path: /.test(one)) ? SOURCES : ANY;
    return [{ id, paths, feed: (text, path) => load()(...params.map((one) => ARGUMENTS[one]?.(text, path))) }];
  });
  return [...ownReaders, ...OTHERS];
}
