/**
 * Edits of test files that weaken nothing, told by their text: test cases that are only added, and files that only moved. Pure.
 *
 * What was there is still there, line by line, so it still runs as it did; what is new is run without the change, too.
 */

/** True where the new text is the old one with test cases, table rows or imports added, and nothing that other tests share. */
export function onlyAddsTests(before: string, after: string, path: string): boolean {
  const language = LANGUAGES.find(({ files }) => files.test(path));
  if (language === undefined) return false;
  const added = addedBlocks(linesOf(before), linesOf(after), language);
  return added !== undefined && added.length > 0 && added.every((block) => isTestCase(block, language));
}

/** A test file at one of its places. */
interface Placed {
  path: string;
  text: string;
}

/**
 * True where two texts differ only in their imports, since a test file that moved reaches its subject by another path, and in the
 * name of the class that is named like its file where the language wants it so.
 */
export function hasSameTests(before: Placed, after: Placed): boolean {
  const language = LANGUAGES.find(({ files }) => files.test(before.path));
  if (language === undefined) return before.text === after.text;
  const bodyOf = ({ path, text }: Placed): string => {
    const own = language.classOfFile?.exec(path)?.[1];
    const unnamed =
      own === undefined ? text : text.replace(new RegExp(`(?<![\\w$])${own}(?![\\w$])`, 'g'), 'OfThisFile');
    return linesOf(unnamed)
      .filter((line) => line.trim() !== '' && !language.imports.test(line))
      .join('\n');
  };
  return bodyOf(before) === bodyOf(after);
}

interface Language {
  files: RegExp;
  /** A line that begins a test case or a group of them. */
  begins: RegExp;
  /** Lines that may stand right before one: decorators, attributes, comments. */
  leads: RegExp;
  imports: RegExp;
  /** Words that change what other tests see. */
  shared: RegExp;
  /** What a block must hold beside, where a test begins like any other function. */
  marked?: RegExp;
  /** The name of the class that must be called like its file. */
  classOfFile?: RegExp;
  /** Blocks end by indentation; otherwise by their closing bracket. */
  indented?: true;
}

const LANGUAGES: readonly Language[] = [
  {
    files: /\.[cm]?[jt]sx?$/,
    begins:
      /^\s*(?:await\s+)?(?:(?:test|it|describe|suite|context|t\.test)(?:\.(?:each|concurrent|serial))?\s*(?:\(|`)|test\(['"`])/,
    leads: /^\s*(?:\/\/|\/\*|\*|$)/,
    imports: /^\s*(?:import\b|(?:const|let|var)\s+[\w$\s{},:]+=\s*(?:await\s+import|require)\(|\}\s*from\s)/,
    shared:
      /\b(?:before|after)(?:Each|All)?\s*\(|\b(?:jest|vi|mock|sinon)\.(?:mock|unmock|doMock|spyOn|stubGlobal|setSystemTime|useFakeTimers|restoreAllMocks|replaceProperty)|\b(?:globalThis|global|window)\b[^;\n]*=(?!=)|\bprocess\.(?:exit|env\.?[\w[\]'"]*\s*=(?!=))|\.prototype\b|\bexpect\.extend\b|\b(?:test|it|describe)\.(?:only|skip|todo)\b/,
  },
  {
    files: /\.py$/,
    begins: /^\s*(?:async\s+)?(?:def test\w*\s*\(|class Test\w*)/,
    leads: /^\s*(?:@pytest\.mark\.|@mark\.|@(?:unittest\.)?mock\.|@(?:mock\.)?patch|#|$)/,
    imports: /^\s*(?:import\s|from\s+\S+\s+import\b)/,
    shared:
      /@(?:pytest\.)?(?:fixture|hookimpl)|\bdef (?:setup|teardown|setUp|tearDown)\w*|\bpytest_\w+|\bsys\.(?:modules|path|exit|settrace)|\bos\._exit|\bglobals\(\)|\bsetattr\((?!self)|\b__builtins__|\bmark\.(?:skip|xfail)|\bunittest\.skip/,
    indented: true,
  },
  {
    files: /_test\.go$/,
    begins: /^(?:func (?:Test|Example|Benchmark|Fuzz)\w*\(|\s*t\.Run\()/,
    leads: /^\s*(?:\/\/|$)/,
    imports: /^\s*(?:import\b|(?:\w+\s+)?"[\w./-]+"\s*$)/,
    shared: /\bfunc (?:TestMain|init)\(|\bos\.(?:Exit|Setenv)|\bt\.Skip/,
  },
  {
    files: /\.rs$/,
    begins: /^\s*(?:async\s+)?fn \w+\(/,
    marked: /#\[(?:\w+::)?test\b|#\[rstest/,
    leads: /^\s*(?:#\[(?:\w+::)?test\b.*\]|#\[should_panic|#\[(?:case|rstest)|\/\/|$)/,
    imports: /^\s*(?:use\s|mod\s+\w+;)/,
    shared: /\bprocess::(?:exit|abort)|#\[ignore|#\[cfg\(not/,
  },
  {
    files: /\.(?:java|kt|scala|groovy|cs)$/,
    begins: /^\s*(?:@Test|@ParameterizedTest|\[(?:Fact|Theory|Test)\])/,
    leads: /^\s*(?:@\w*Source|@DisplayName|\[InlineData|\/\/|\/\*|\*|$)/,
    imports: /^\s*(?:import|using|package)\s/,
    classOfFile: /(?:^|\/)(\w+)\.\w+$/,
    shared: /@(?:Before|After|Disabled|Ignore|MockBean|TestInstance)|\bSystem\.(?:exit|set)/,
  },
];

const linesOf = (text: string): string[] => text.replaceAll('\r\n', '\n').split('\n');

/**
 * The runs of lines that are only in the new text. Undefined where an old line is gone; a line of imports may change, since it
 * names what tests use and changes none of them.
 */
function addedBlocks(before: string[], after: string[], { imports }: Language): string[][] | undefined {
  const blocks: string[][] = [];
  let at = 0;
  let open: string[] | undefined;
  const old = before.filter((line) => !imports.test(line));
  for (const line of after) {
    if (imports.test(line)) continue;
    if (line === old[at]) {
      at += 1;
      open = undefined;
      continue;
    }
    if (open === undefined) blocks.push((open = []));
    open.push(line);
  }
  if (at < old.length) return undefined;
  const told = blocks.filter((block) => block.some((line) => line.trim() !== ''));
  return told.length === 0 && before.length !== after.length ? [['']] : told;
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
