/**
 * Edits of test files that weaken nothing, told by their text: test cases that are only added, and files that only moved. Pure.
 *
 * What was there is still there, line by line, so it still runs as it did; what is new is run without the change, too.
 */
import { hasSameImports, onlyAddsImports, readImports } from './test-imports';
import type { Imports, ImportStyle, SameModule } from './test-imports';

/** True where the new text is the old one with test cases, table rows or imports added, and nothing that other tests share. */
export function onlyAddsTests(before: string, after: string, path: string): boolean {
  if (path.endsWith('.snap')) return before !== after && onlyAddsEntries(before, after);
  const language = LANGUAGES.find(({ files }) => files.test(path));
  if (language === undefined || before === after) return false;
  const [old, now] = [importsOf(before, language), importsOf(after, language)];
  const added = onlyAddsImports(old, now) ? addedBlocks(old.rest, now.rest) : undefined;
  return added !== undefined && added.every((block) => isTestCase(block, language));
}

/** A snapshot of jest or vitest, whose entries are sorted by name: those that were there are there as they were. */
function onlyAddsEntries(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) =>
    text
      .replaceAll('\r\n', '\n')
      .trim()
      .split(/\n+(?=exports\[`)/),
  );
  const named = (now ?? []).map((entry) => entry.split('`] = ', 1)[0]);
  const has = new Set(now);
  return new Set(named).size === named.length && (old ?? []).every((entry) => has.has(entry)) && old?.[0] === now?.[0];
}

/** A test file at one of its places. */
interface Placed {
  path: string;
  text: string;
}

/**
 * True where a file that moved holds the same tests. Its imports may reach the same files by other paths, and where its language
 * names a class like its file, the class may be renamed with it. `isSame` tells whether two of them do.
 */
export function hasSameTests(
  before: Placed,
  after: Placed,
  isSame: SameModule = (one, other) => one.from === other.from,
): boolean {
  const language = LANGUAGES.find(({ files }) => files.test(before.path));
  if (language === undefined) return before.text === after.text;
  if (!language.files.test(after.path)) return false;
  const read = ({ path, text }: Placed) => {
    const unnamed = language.namesClass === true ? withoutClass(text, path) : text;
    const { bound, rest } = importsOf(unnamed, language, PLACES);
    return { path, bound, rest: rest.filter((line) => line.trim() !== '').join('\n') };
  };
  const [old, now] = [read(before), read(after)];
  return old.rest === now.rest && hasSameImports(old, now, isSame);
}

/** Says where a class stands, and binds no name. */
const PLACES = /^\s*(?:package|namespace)\s+[\w.]+\s*;?\s*\{?\s*$/;
/** No name of a class can be it. */
const OF_THIS_FILE = '\0';

/** The class that is called like its file, outside of text in quotes, under no name. */
function withoutClass(text: string, path: string): string {
  const own = /(?:^|\/)(\w+)\.\w+$/.exec(path)?.[1];
  if (own === undefined) return text;
  const parts = new RegExp(`"(?:[^"\\\\\\n]|\\\\.)*"|(?<![\\w$])${own}(?![\\w$])`, 'g');
  return text.replace(parts, (part) => (part === own ? OF_THIS_FILE : part));
}

function importsOf(text: string, { imports }: Language, unbound?: RegExp): Imports {
  return readImports(linesOf(text), imports, unbound);
}

interface Language {
  files: RegExp;
  /** A line that begins a test case or a group of them. */
  begins: RegExp;
  /** Lines that may stand right before one: decorators, attributes, comments. */
  leads: RegExp;
  imports: ImportStyle;
  /** Words that change what other tests see. */
  shared: RegExp;
  /** What a block must hold beside, where a test begins like any other function. */
  marked?: RegExp;
  /** A class may be called like its file. */
  namesClass?: true;
  /** Blocks end by indentation; otherwise by their closing bracket. */
  indented?: true;
}

const LANGUAGES: readonly Language[] = [
  {
    files: /\.[cm]?[jt]sx?$/,
    begins:
      /^\s*(?:await\s+)?(?:(?:test|it|describe|suite|context|t\.test)(?:\.(?:each|concurrent|serial))?\s*(?:\(|`)|test\(['"`])/,
    leads: /^\s*(?:\/\/|\/\*|\*|$)/,
    imports: 'javascript',
    shared:
      /\b(?:before|after)(?:Each|All)?\s*\(|\b(?:jest|vi|mock|sinon)\.(?:mock|unmock|doMock|spyOn|stubGlobal|setSystemTime|useFakeTimers|restoreAllMocks|replaceProperty)|\b(?:globalThis|global|window)\b[^;\n]*=(?!=)|\bprocess\.(?:exit|env\.?[\w[\]'"]*\s*=(?!=))|\.prototype\b|\bexpect\.extend\b|\b(?:test|it|describe)\.(?:only|skip|todo)\b/,
  },
  {
    files: /\.py$/,
    begins: /^\s*(?:async\s+)?(?:def test\w*\s*\(|class Test\w*)/,
    leads: /^\s*(?:@pytest\.mark\.|@mark\.|@(?:unittest\.)?mock\.|@(?:mock\.)?patch|#|$)/,
    imports: 'python',
    shared:
      /@(?:pytest\.)?(?:fixture|hookimpl)|\bdef (?:setup|teardown|setUp|tearDown)\w*|\bpytest_\w+|\bsys\.(?:modules|path|exit|settrace)|\bos\._exit|\bglobals\(\)|\bsetattr\((?!self)|\b__builtins__|\bmark\.(?:skip|xfail)|\bunittest\.skip/,
    indented: true,
  },
  {
    files: /_test\.go$/,
    begins: /^(?:func (?:Test|Example|Benchmark|Fuzz)\w*\(|\s*t\.Run\()/,
    leads: /^\s*(?:\/\/|$)/,
    imports: 'go',
    shared: /\bfunc (?:TestMain|init)\(|\bos\.(?:Exit|Setenv)|\bt\.Skip/,
  },
  {
    files: /\.rs$/,
    begins: /^\s*(?:async\s+)?fn \w+\(/,
    marked: /#\[(?:\w+::)?test\b|#\[rstest/,
    leads: /^\s*(?:#\[(?:\w+::)?test\b.*\]|#\[should_panic|#\[(?:case|rstest)|\/\/|$)/,
    imports: 'statements',
    shared: /\bprocess::(?:exit|abort)|#\[ignore|#\[cfg\(not/,
  },
  {
    files: /\.(?:java|kt|scala|groovy|cs)$/,
    begins: /^\s*(?:@Test|@ParameterizedTest|\[(?:Fact|Theory|Test)\])/,
    leads: /^\s*(?:@\w*Source|@DisplayName|\[InlineData|\/\/|\/\*|\*|$)/,
    imports: 'statements',
    namesClass: true,
    shared: /@(?:Before|After|Disabled|Ignore|MockBean|TestInstance)|\bSystem\.(?:exit|set)/,
  },
];

const linesOf = (text: string): string[] => text.replaceAll('\r\n', '\n').split('\n');

/** The runs of lines that are only in the new text, imports aside. Undefined where an old line is gone. */
function addedBlocks(before: string[], after: string[]): string[][] | undefined {
  const blocks: string[][] = [];
  let at = 0;
  let open: string[] | undefined;
  for (const line of after) {
    if (line === before[at]) {
      at += 1;
      open = undefined;
      continue;
    }
    if (open === undefined) blocks.push((open = []));
    open.push(line);
  }
  if (at < before.length) return undefined;
  return blocks.filter((block) => block.some((line) => line.trim() !== ''));
}

function isTestCase(block: string[], language: Language): boolean {
  if (block.some((line) => language.shared.test(line))) return false;
  const told = block.filter((line) => line.trim() !== '');
  if (told.length === 0) return true;
  if (told.every(isTableRow)) return true;
  if (language.marked !== undefined && !told.some((line) => language.marked?.test(line))) return false;
  return language.indented === true ? isIndentedCase(told, language) : isBracketedCase(told, language);
}

/** `[1, 2],`, `{ name: 'x', want: 3 },`, `("a", "b"),`: values only, nothing that runs. */
function isTableRow(line: string): boolean {
  const text = line.trim();
  if (!/^[[{("'`\d-].*[\])}"'`\d],?$/.test(text) || /=>|\bfunction\b|\blambda\b|;/.test(text)) return false;
  return !/[\w$\])]\(/.test(text.replace(/^\(/, '').replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""'));
}

/** Every line at the block's outer depth begins a test case, leads to one, or is part of the group around it. */
function isIndentedCase(told: string[], { begins, leads }: Language): boolean {
  const depthOf = (line: string): number => line.length - line.trimStart().length;
  const outer = Math.min(...told.map(depthOf));
  const atOuter = told.filter((line) => depthOf(line) === outer);
  return atOuter.some((line) => begins.test(line)) && atOuter.every((line) => begins.test(line) || isLead(line, leads));
}

function isLead(line: string, leads: RegExp): boolean {
  // The end of a decorator that is written over several lines, and of a signature.
  return leads.test(line) || /^\s*[\])}]+[:,]?(?:\s*->.*:)?$/.test(line);
}

/** Balanced, and whatever stands outside of all brackets begins a test case, leads to one, or closes it. */
function isBracketedCase(told: string[], { begins, leads }: Language): boolean {
  let depth = 0;
  let hasCase = false;
  for (const line of told) {
    if (depth === 0 && begins.test(line)) hasCase = true;
    else if (depth === 0 && !leads.test(line) && !/^\s*(?:[\])};,]+|(?:public|void|fun) .*\{)\s*$/.test(line))
      return false;
    depth += bracketsOf(line);
    if (depth < 0) return false;
  }
  return hasCase && depth === 0;
}

/** Opened less closed, outside of quotes. */
function bracketsOf(line: string): number {
  const bare = line
    .replace(/\/\/.*$/, '')
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\s]|\\.)+\/[a-z]*/g, '');
  return (bare.match(/[([{]/g)?.length ?? 0) - (bare.match(/[)\]}]/g)?.length ?? 0);
}
