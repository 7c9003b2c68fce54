/**
 * Finds the tests that a text names by file, suite or class, function and parameter, in the spelling of any test runner. Pure.
 *
 * Only whole parts of a name count: `add` does not name `add_all`.
 */
export interface Named {
  file: string;
  name: string;
}

/** Separators between the parts of a name: `a > b`, `a::b`, `a.b`, `a#b`, `a/b`, `a: b`, or `a b` if a reporter prints suites first. */
const SEPARATOR = '(?:\\s*(?:::|[>›»#./:,–—-])\\s*|\\s+)';

/** Returns the tests that the text names. If it names only suites, classes or files, returns all tests in those. */
export function testsNamedIn<T extends Named>(text: string, tests: T[]): T[] {
  const normalizedText = normalize(text);
  const found = tests.flatMap((test) =>
    formsOf(test).flatMap((form) => spansOf(normalizedText, form).map((span) => ({ test, ...span }))),
  );
  for (const isOwn of [true, false]) {
    const matches = found.filter((one) => one.isOwn === isOwn);
    // If two names overlap in the text, the longer one is meant.
    const longestMatches = matches.filter((one) => !matches.some((other) => isInside(one, other)));
    if (longestMatches.length > 0) return [...new Set(longestMatches.map(({ test }) => test))];
  }
  const testsOfFile = tests.filter(({ file }) => file !== '' && isWholeFile(normalizedText, normalize(file)));
  if (testsOfFile.length > 0) return testsOfFile;
  const programTests = tests.filter((test) => isProgramOf(normalizedText, test));
  // If the run reports no files, it cannot tell which tests a named file contains.
  return programTests.length === 0 && namesOnlyFiles(normalizedText) && tests.every(({ file }) => file === '')
    ? tests
    : programTests;
}

function namesOnlyFiles(text: string): boolean {
  return text.split(/[\s,;]+/).every((word) => SOURCE_ENDING.test(word));
}

/** True for a test that is a whole program (ctest), named by its source file: `tests/test_sum.c` names `sum`. */
function isProgramOf(text: string, { file, name }: Named): boolean {
  if (file !== '') return false;
  const stems = [...text.matchAll(/([\w-]+)\.(?:c|cc|cpp|cxx|f90|sh|bats|pl|lua)\b/g)].map(([, stem = '']) => stem);
  const bareName = (one: string): string => one.replace(/^tests?[_-]|[_-]tests?$/g, '');
  return stems.some((stem) => bareName(stem) === bareName(normalize(name)));
}

/** Returns the spellings of a test's name: Go writes spaces in subtest names as underscores. */
function formsOf({ file, name }: Named): Named[] {
  const [, test, subtests] = /^(Test\w*)(\/.*_.*)$/.exec(name) ?? [];
  const goSpellings = test === undefined ? [] : [{ file, name: `${test}${subtests?.replaceAll('_', ' ')}` }];
  return [{ file, name }, ...goSpellings];
}

interface Span {
  from: number;
  to: number;
  /** True if the test's own name matches; false if only a suite or class around it matches. */
  isOwn: boolean;
}

function spansOf(text: string, { file, name }: Named): Span[] {
  const parts = partsOf(normalize(name));
  const found: Span[] = [];
  for (let last = parts.length; last > 0; last -= 1) {
    const end = parts[last - 1] ?? '';
    if (!text.includes(withoutParameters(end))) continue;
    for (let first = 0; first < last; first += 1) {
      const before = { parts: parts.slice(0, first), file: normalize(file) };
      const isOwn = last === parts.length;
      found.push(...findAll(text, parts.slice(first, last), before).map((span) => ({ ...span, isOwn })));
    }
  }
  return found;
}

/** Finds each position at which these parts are a whole name. */
function findAll(text: string, parts: string[], above: { parts: string[]; file: string }): Array<Omit<Span, 'isOwn'>> {
  const head = parts.slice(0, -1).map(escapeRegExp);
  const end = parts.at(-1) ?? '';
  const forms = [...new Set([end, withoutParameters(end)])].map(escapeRegExp).join('|');
  const pattern = new RegExp([...head, `(?:${forms})`].join(SEPARATOR), 'g');
  return [...text.matchAll(pattern)].flatMap((found) => {
    const [from, to] = [found.index, found.index + found[0].length];
    const [before, after] = [text.slice(0, from), text.slice(to)];
    const isWhole = !/[\w$]$/.test(before) && !/^(?:[\w$[]|::\w|[/#.]\w|\s*[>›»]\s*\w)/.test(after);
    const isClear = parts.length > 1 || !/^[a-z]+$/.test(found[0]) || isMarked(before, after);
    return isWhole && isClear && fitsContext(before, above) ? [{ from, to }] : [];
  });
}

/** A single lower-case word could be any word of a sentence: true if the text around it marks it as a name. */
function isMarked(before: string, after: string): boolean {
  return /(?:^|["'`:>›»,;(#/.]|\btests?|\band|\bor)\s*$/.test(before) && /^\s*(?:$|["'`,;).:]|and\b|or\b)/.test(after);
}

/** Endings of source files; a text that ends so is a path and not a class member. */
const SOURCE_ENDING = /\.([cm]?[jt]sx?|py|go|rs|java|kts?|scala|groovy|rb|php|cs|fs|c|cc|cpp|ex|exs|sh|t|vue|svelte)$/;

/** True if the text right before the name fits the test: its suite, its class, or a part of its path. */
function fitsContext(before: string, { parts, file }: { parts: string[]; file: string }): boolean {
  const [, path] = /([\w./@-]*[\w-]\.[a-z]\w*)(?::\d+)*\s*(?:::?|[>›»#])\s*$/.exec(before) ?? [];
  if (path !== undefined && file !== '' && SOURCE_ENDING.test(path))
    return `/${file}`.endsWith(`/${path.replace(/^\.?\//, '')}`);
  const [, nameBefore] = /([\w$-]+)(?:\[[^\]]*\]|\(\))?(?:::|[.#/]|\s*[>›»]\s*)$/.exec(before) ?? [];
  if (nameBefore === undefined) return true;
  const above = parts.at(-1);
  const isInPath = file.split(/[^\w$-]+/).includes(nameBefore);
  if (isInPath || above === nameBefore || above?.split(/\s+/).at(-1) === nameBefore) return true;
  return above === undefined && file === '';
}

function isInside(one: Span, other: Span): boolean {
  const isWithin = one.from >= other.from && one.to <= other.to;
  return isWithin && one.to - one.from < other.to - other.from;
}

/** Splits a name into parts at the separators of any runner. */
function partsOf(name: string): string[] {
  return name
    .split(/\s+[>›»]\s+|::|#/)
    .flatMap((part) => (/^[\w$]+(?:\.[\w$]+)+$/.test(part) ? part.split('.') : [part]))
    .flatMap((part) => (/^(?:test|example|fuzz|benchmark)\w*\/./.test(part) ? part.split('/') : [part]))
    .map((part) => part.trim())
    .filter(Boolean);
}

/** Removes the parameters at the end of a name. */
function withoutParameters(part: string): string {
  return part.replace(/\[[^[\]]*\]$|\(\)$/, '') || part;
}

/** True if the text names the whole file. `a.test.js: adds` names one test instead, but a line number may follow the file. */
function isWholeFile(text: string, file: string): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    const [folder] = /[\w./@-]*$/.exec(text.slice(0, at)) ?? [''];
    const after = text.slice(at + name.length);
    const isPath =
      folder === '' || /\/$/.test(folder) ? `/${file}`.endsWith(`/${folder.replace(/^\.?\//, '')}${name}`) : false;
    if (isPath && !/^(?:[\w-]|\.\w)|^\s*(?:::?|[>›»#])\s*(?!\d+\b)\S/.test(after)) return true;
  }
  return false;
}

function escapeRegExp(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

function normalize(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
