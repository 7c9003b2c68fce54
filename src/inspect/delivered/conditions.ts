/**
 * Finds code under build conditions, which one build has and another one does not: the tests may then run other code than is
 * delivered. Reports only flags that the project invents, not those of platforms and compilers. Pure.
 */
import type { DeliveredFact } from '../../domain/delivered';
import { BESIDE_PRODUCT, changedPaths, freshLines, isSource, linesOf } from './tree';
import type { DeliveredTree } from './tree';
import { rustConditions } from './rust-conditions';
import type { Condition } from './rust-conditions';

const OTHER_BUILD = 'this code is in another build than the tested one';
/** Tags for operating systems, processors, compilers and their modes, and tags of files that no product contains. */
const GO_USUAL_TAGS = new Set(
  (
    'aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 wasip2 windows zos unix ' +
    '386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 ppc64le riscv ' +
    'riscv64 s390 s390x sparc sparc64 wasm gc gccgo tinygo cgo race msan asan purego appengine netgo netcgo osusergo static_build ' +
    'boringcrypto fuzz gofuzz ignore tools tool mage wireinject wire generate gen never none exclude faketime compiler_bootstrap'
  ).split(' '),
);
/** Tags with which tests are built. Only `!tag` is reported: the tests then leave the code out. */
const GO_TEST_TAGS =
  /^(?:(?:unit|integration|functional|acceptance|system|smoke|load|e2e|end2end)?_?tests?|integration|e2e|acceptance|examples?|bench(?:mark)?s?)$/i;
const C_FILE = /\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|ipp|inl|m|mm|cu)$/;
const HEADER = /\.(?:h|hh|hpp|hxx|h\+\+|hp|inl|ipp|tpp|tcc|txx|ixx|cuh|def|c|cc|cpp|cxx|m|mm|cu|pb|moc)$/i;

export function conditionsIn(tree: DeliveredTree): DeliveredFact[] {
  return changedPaths(tree)
    .filter((path) => isSource(path) && !BESIDE_PRODUCT.test(path))
    .flatMap((path) => conditionsOfFile(tree, path).map((one) => ({ path, ...one })));
}

function conditionsOfFile(tree: DeliveredTree, path: string): Condition[] {
  if (path.endsWith('.go')) return [...goTags(tree, path), ...cgoImportsIn(tree, path)];
  if (path.endsWith('.rs')) return rustConditions(tree, path);
  if (C_FILE.test(path)) return [...macroConditions(tree, path), ...includesIn(tree, path)];
  return path.endsWith('.cs') ? csharpConditions(tree, path) : [];
}

/** Reads the build tags above `package`. They apply to the whole file, so each change of the file is reported. */
function goTags(tree: DeliveredTree, path: string): Condition[] {
  const rows = linesOf(tree.after.get(path) ?? '');
  const end = rows.findIndex((row) => /^package\s/.test(row));
  return rows.slice(0, end < 0 ? rows.length : end).flatMap((text, at) => {
    const condition = /^\/\/(?:go:build|\s*\+build)\s+(.*)$/.exec(text)?.[1];
    if (condition === undefined) return [];
    const ownTags = [...condition.matchAll(/(!?)\s?\(?([\w.]+)/g)].filter(([, not = '', word = '']) =>
      isOwnTag(word, not !== ''),
    );
    const [[, not = '', tag = ''] = []] = ownTags;
    if (tag === '') return [];
    const effect =
      not === '' ? `only a build with the tag "${tag}" has it` : `a build with the tag "${tag}" leaves it out`;
    return [
      {
        line: at + 1,
        what: `stands under a condition: ${effect}; ${OTHER_BUILD}`,
        text,
        showsWholeChange: true as const,
      },
    ];
  });
}

/** True for a tag that the project invents. */
function isOwnTag(word: string, isNegated: boolean): boolean {
  if (GO_USUAL_TAGS.has(word) || /^go\d/.test(word)) return false;
  return GO_TEST_TAGS.test(word) ? isNegated : true;
}

function cgoImportsIn(tree: DeliveredTree, path: string): Condition[] {
  return freshLines(tree, path)
    .filter(({ text }) => /^(?:import\s+|\s+)(?:_\s+)?"C"/.test(text))
    .map((one) => ({
      ...one,
      what: 'takes code in C out of a comment, which no experiment asks',
      showsWholeChange: true as const,
    }));
}

/** Finds conditions on a macro that a compiler flag of this project sets, or that release builds set (`NDEBUG`). */
function macroConditions(tree: DeliveredTree, path: string): Condition[] {
  return freshLines(tree, path).flatMap(({ line, text }) => {
    const condition = /^\s*#\s*(?:ifdef|ifndef|if|elif|elifdef|elifndef)\b(.*)$/.exec(text)?.[1];
    if (condition === undefined) return [];
    const words = condition.match(/\b[A-Za-z]\w*\b/g) ?? [];
    const macro = words.find((word) => /^(?:NDEBUG|RELEASE)$/.test(word) || isSetByFlag(tree, word));
    if (macro === undefined) return [];
    return [{ line, text, what: `has code that depends on the flag -D${macro}; ${OTHER_BUILD}` }];
  });
}

function isSetByFlag({ after }: DeliveredTree, word: string): boolean {
  return [...after].some(([path, text]) => !isSource(path) && new RegExp(`(?:-D\\s?|/D)${word}\\b`).test(text));
}

/** Finds `#include` of repository files whose names have no ending of C: experiments do not break code in such files. */
function includesIn(tree: DeliveredTree, path: string): Condition[] {
  return freshLines(tree, path).flatMap(({ line, text }) => {
    const file = /^\s*#\s*(?:include|embed)\s*"([^"]+)"/.exec(text)?.[1];
    if (file === undefined || HEADER.test(file) || /moc_|\.gen\b/.test(file)) return [];
    const name = file.slice(file.lastIndexOf('/') + 1);
    if (!tree.paths.some((one) => one === name || one.endsWith(`/${name}`))) return [];
    return [{ line, text, what: `takes code from ${file}, which has no name of code and is asked by no experiment` }];
  });
}

function csharpConditions(tree: DeliveredTree, path: string): Condition[] {
  return freshLines(tree, path).flatMap(({ line, text }) =>
    /^\s*#\s*(?:el)?if\b.*(?:\bRELEASE\b|!\s*DEBUG\b)/.test(text)
      ? [{ line, text, what: `has code that only a release build has; ${OTHER_BUILD}` }]
      : [],
  );
}
