/**
 * Recognizes edits of test files that weaken no test: files with only added test cases, and files that only moved. Pure.
 *
 * Every old line is kept in order, so the old tests still run unchanged; new tests are also run without the change.
 */
import { hasSameImports, onlyAddsImports, readImports } from './test-imports';
import type { Imports, ImportStyle, SameModule } from './test-imports';

/** True if the new text only adds test cases, table rows or imports, and nothing that other tests share. */
export function onlyAddsTests(before: string, after: string, path: string): boolean {
  if (path.endsWith('.snap')) return before !== after && onlyAddsEntries(before, after);
  const language = LANGUAGES.find(({ files }) => files.test(path));
  if (language === undefined || before === after) return false;
  const [oldImports, newImports] = [importsOf(before, language), importsOf(after, language)];
  const newBlocks = onlyAddsImports(oldImports, newImports)
    ? addedBlocks(oldImports.otherLines, newImports.otherLines)
    : undefined;
  return newBlocks !== undefined && newBlocks.every((block) => isTestCase(block, language));
}

/** For jest and vitest snapshots, whose entries are sorted by name: true if each old entry is unchanged. */
function onlyAddsEntries(before: string, after: string): boolean {
  const [oldEntries, newEntries] = [before, after].map((text) =>
    text
      .replaceAll('\r\n', '\n')
      .trim()
      .split(/\n+(?=exports\[`)/),
  );
  const entryNames = (newEntries ?? []).map((entry) => entry.split('`] = ', 1)[0]);
  const newEntrySet = new Set(newEntries);
  return (
    new Set(entryNames).size === entryNames.length &&
    (oldEntries ?? []).every((entry) => newEntrySet.has(entry)) &&
    oldEntries?.[0] === newEntries?.[0]
  );
}

/** A test file before or after a move. */
interface TestFile {
  path: string;
  text: string;
}

/**
 * True if a moved file holds the same tests. Its imports may reach the same files by other paths; a class named like the file
 * may be renamed with it. `isSame` decides whether two imports reach the same module.
 */
export function hasSameTests(
  before: TestFile,
  after: TestFile,
  isSame: SameModule = (one, other) => one.from === other.from,
): boolean {
  const language = LANGUAGES.find(({ files }) => files.test(before.path));
  if (language === undefined) return before.text === after.text;
  if (!language.files.test(after.path)) return false;
  const read = ({ path, text }: TestFile) => {
    const comparableText = language.namesClass === true ? withoutClass(text, path) : text;
    const { bindings, otherLines } = importsOf(comparableText, language, PACKAGE_LINE);
    return { path, bindings, code: otherLines.filter((line) => line.trim() !== '').join('\n') };
  };
  const [oldFile, newFile] = [read(before), read(after)];
  return oldFile.code === newFile.code && hasSameImports(oldFile, newFile, isSame);
}

/** A package or namespace line, which binds no name. */
const PACKAGE_LINE = /^\s*(?:package|namespace)\s+[\w.]+\s*;?\s*\{?\s*$/;
/** Replaces the class name; it cannot be part of any source text. */
const CLASS_PLACEHOLDER = '\0';

/** Replaces the class that is named like its file, outside of string literals. */
function withoutClass(text: string, path: string): string {
  const className = /(?:^|\/)(\w+)\.\w+$/.exec(path)?.[1];
  if (className === undefined) return text;
  const stringsAndClassName = new RegExp(`"(?:[^"\\\\\\n]|\\\\.)*"|(?<![\\w$])${className}(?![\\w$])`, 'g');
  return text.replace(stringsAndClassName, (part) => (part === className ? CLASS_PLACEHOLDER : part));
}

function importsOf(text: string, { imports }: Language, unbound?: RegExp): Imports {
  return readImports(linesOf(text), imports, unbound);
}

interface Language {
  files: RegExp;
  /** Matches a line that begins a test case or a group of test cases. */
  caseStart: RegExp;
  /** Matches lines that may precede a test case: decorators, attributes, comments. */
  caseLead: RegExp;
  imports: ImportStyle;
  /** Matches code that affects other tests. */
  sharedCode: RegExp;
  /** Matches what a block must also contain, in languages where a test begins like any function. */
  marker?: RegExp;
  /** True if a class may be named like its file. */
  namesClass?: true;
  /** True if blocks end by indentation instead of a closing bracket. */
  isIndented?: true;
}

const LANGUAGES: readonly Language[] = [
  {
    files: /\.[cm]?[jt]sx?$/,
    caseStart:
      /^\s*(?:await\s+)?(?:(?:test|it|describe|suite|context|t\.test)(?:\.(?:each|concurrent|serial))?\s*(?:\(|`)|test\(['"`])/,
    caseLead: /^\s*(?:\/\/|\/\*|\*|$)/,
    imports: 'javascript',
    sharedCode:
      /\b(?:before|after)(?:Each|All)?\s*\(|\b(?:jest|vi|mock|sinon)\.(?:mock|unmock|doMock|spyOn|stubGlobal|setSystemTime|useFakeTimers|restoreAllMocks|replaceProperty)|\b(?:globalThis|global|window)\b[^;\n]*=(?!=)|\bprocess\.(?:exit|env\.?[\w[\]'"]*\s*=(?!=))|\.prototype\b|\bexpect\.extend\b|\b(?:test|it|describe)\.(?:only|skip|todo)\b/,
  },
  {
    files: /\.py$/,
    caseStart: /^\s*(?:async\s+)?(?:def test\w*\s*\(|class Test\w*)/,
    caseLead: /^\s*(?:@pytest\.mark\.|@mark\.|@(?:unittest\.)?mock\.|@(?:mock\.)?patch|#|$)/,
    imports: 'python',
    sharedCode:
      /@(?:pytest\.)?(?:fixture|hookimpl)|\bdef (?:setup|teardown|setUp|tearDown)\w*|\bpytest_\w+|\bsys\.(?:modules|path|exit|settrace)|\bos\._exit|\bglobals\(\)|\bsetattr\((?!self)|\b__builtins__|\bmark\.(?:skip|xfail)|\bunittest\.skip/,
    isIndented: true,
  },
  {
    files: /_test\.go$/,
    caseStart: /^(?:func (?:Test|Example|Benchmark|Fuzz)\w*\(|\s*t\.Run\()/,
    caseLead: /^\s*(?:\/\/|$)/,
    imports: 'go',
    sharedCode: /\bfunc (?:TestMain|init)\(|\bos\.(?:Exit|Setenv)|\bt\.Skip/,
  },
  {
    files: /\.rs$/,
    caseStart: /^\s*(?:async\s+)?fn \w+\(/,
    marker: /#\[(?:\w+::)?test\b|#\[rstest/,
    caseLead: /^\s*(?:#\[(?:\w+::)?test\b.*\]|#\[should_panic|#\[(?:case|rstest)|\/\/|$)/,
    imports: 'statements',
    sharedCode: /\bprocess::(?:exit|abort)|#\[ignore|#\[cfg\(not/,
  },
  {
    files: /\.(?:java|kt|scala|groovy|cs)$/,
    caseStart: /^\s*(?:@Test|@ParameterizedTest|\[(?:Fact|Theory|Test)\])/,
    caseLead: /^\s*(?:@\w*Source|@DisplayName|\[InlineData|\/\/|\/\*|\*|$)/,
    imports: 'statements',
    namesClass: true,
    sharedCode: /@(?:Before|After|Disabled|Ignore|MockBean|TestInstance)|\bSystem\.(?:exit|set)/,
  },
];

const linesOf = (text: string): string[] => text.replaceAll('\r\n', '\n').split('\n');

/** Returns the blocks of lines that only the new text has; undefined if an old line is missing. The texts come without imports. */
function addedBlocks(before: string[], after: string[]): string[][] | undefined {
  const blocks: string[][] = [];
  let oldIndex = 0;
  let openBlock: string[] | undefined;
  for (const line of after) {
    if (line === before[oldIndex]) {
      oldIndex += 1;
      openBlock = undefined;
      continue;
    }
    if (openBlock === undefined) blocks.push((openBlock = []));
    openBlock.push(line);
  }
  if (oldIndex < before.length) return undefined;
  return blocks.filter((block) => block.some((line) => line.trim() !== ''));
}

function isTestCase(block: string[], language: Language): boolean {
  if (block.some((line) => language.sharedCode.test(line))) return false;
  const lines = block.filter((line) => line.trim() !== '');
  if (lines.length === 0) return true;
  if (lines.every(isTableRow)) return true;
  if (language.marker !== undefined && !lines.some((line) => language.marker?.test(line))) return false;
  return language.isIndented === true ? isIndentedCase(lines, language) : isBracketedCase(lines, language);
}

/** True for a row of values without code, such as `[1, 2],`, `{ name: 'x', want: 3 },` or `("a", "b"),`. */
function isTableRow(line: string): boolean {
  const text = line.trim();
  if (!/^[[{("'`\d-].*[\])}"'`\d],?$/.test(text) || /=>|\bfunction\b|\blambda\b|;/.test(text)) return false;
  return !/[\w$\])]\(/.test(text.replace(/^\(/, '').replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""'));
}

/** True if each line at the block's outer indentation begins a test case, precedes one, or is part of the group around it. */
function isIndentedCase(lines: string[], { caseStart, caseLead }: Language): boolean {
  const depthOf = (line: string): number => line.length - line.trimStart().length;
  const outerDepth = Math.min(...lines.map(depthOf));
  const outerLines = lines.filter((line) => depthOf(line) === outerDepth);
  return (
    outerLines.some((line) => caseStart.test(line)) &&
    outerLines.every((line) => caseStart.test(line) || isLead(line, caseLead))
  );
}

function isLead(line: string, caseLead: RegExp): boolean {
  // Also accept the end of a decorator or signature that spans several lines.
  return caseLead.test(line) || /^\s*[\])}]+[:,]?(?:\s*->.*:)?$/.test(line);
}

/** True if the brackets are balanced, and each line outside of all brackets begins, precedes or closes a test case. */
function isBracketedCase(lines: string[], { caseStart, caseLead }: Language): boolean {
  let depth = 0;
  let hasCase = false;
  for (const line of lines) {
    if (depth === 0 && caseStart.test(line)) hasCase = true;
    else if (depth === 0 && !caseLead.test(line) && !/^\s*(?:[\])};,]+|(?:public|void|fun) .*\{)\s*$/.test(line))
      return false;
    depth += countOpenBrackets(line);
    if (depth < 0) return false;
  }
  return hasCase && depth === 0;
}

/** Counts opened minus closed brackets, ignoring string literals. */
function countOpenBrackets(line: string): number {
  const code = line
    .replace(/\/\/.*$/, '')
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`|\/(?:[^/\\\s]|\\.)+\/[a-z]*/g, '');
  return (code.match(/[([{]/g)?.length ?? 0) - (code.match(/[)\]}]/g)?.length ?? 0);
}
