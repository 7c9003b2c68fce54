/**
 * Decides by its path how a changed file is read: with which grammar, or why it has no units. Pure.
 */
import { isTestPath } from '../../domain/files';
import type { NoUnitReason } from '../../domain/experiments/units';
import type { Grammar } from './grammars';

const GRAMMARS: ReadonlyArray<readonly [RegExp, Grammar]> = [
  [/\.(?:[cm]?js|jsx|es6)$/i, 'javascript'],
  [/\.[cm]?ts$/i, 'typescript'],
  [/\.tsx$/i, 'tsx'],
  [/\.pyw?$/i, 'python'],
  [/\.go$/i, 'go'],
  [/\.java$/i, 'java'],
  [/\.rs$/i, 'rust'],
  [/\.(?:rb|rake)$/i, 'ruby'],
  [/\.php$/i, 'php'],
  [/\.cs$/i, 'c-sharp'],
  [/\.(?:c|cc|cpp|cxx|h|hh|hpp|hxx|ipp)$/i, 'cpp'],
];

/** Excludes programs whose names look like those of documents: `src/notice.js` sends notices. */
const NO_CODE = String.raw`(?![^/]*\.(?:[cm]?[jt]sx?|pyw?|go|rs|java|kts?|rb|php|cs|c|cc|cpp|cxx|h|hpp|swift|scala|vue|svelte)$)`;

/** Why files with such paths have no units. */
const REASONS: ReadonlyArray<readonly [RegExp, NoUnitReason]> = [
  [/(^|\/)(?:node_modules|vendor|vendored|third[_-]?party)\//i, 'vendored'],
  [/(^|\/)(?:generated|__generated__)\/|\.min\.[cm]?js$|\.pb\.(?:go|cc|h)$|_pb2(?:_grpc)?\.pyi?$/i, 'generated'],
  [/\.(?:g|designer|generated)\.(?:cs|dart|ts|js)$|_generated\.[a-z]+$/i, 'generated'],
  [/\.d\.[cm]?ts$|\.pyi$/i, 'types'],
  [/\.(?:css|s[ac]ss|less|styl|pcss)$/i, 'style'],
  [
    new RegExp(
      String.raw`\.(?:md|mdx|markdown|rst|txt|adoc|asciidoc|org|tex|svg)$|(^|\/)${NO_CODE}(?:LICENSE|NOTICE|AUTHORS|CHANGELOG|README)[^/]*$`,
      'i',
    ),
    'document',
  ],
  [/(^|\/)[^/]+[.-]config\.[cm]?[jt]s$|(^|\/)\.[a-z]+rc\.[cm]?js$/i, 'script'],
  // Within the source folders, such a file is part of the program.
  [
    /^(?!(?:[^/]+\/)*(?:src|lib|app)\/)(?:[^/]+\/)*config\.[cm]?[jt]s$|(^|\/)\.[^/]+\/(?:[^/]+\/)*config\.[cm]?[jt]s$/i,
    'script',
  ],
  [
    /(^|\/)(?:rollup|webpack|vite|esbuild|babel|eslint|prettier|tsup|jest|vitest|karma|postcss|tailwind)[^/]*\.config\.[^/]+$/i,
    'script',
  ],
  [
    new RegExp(
      String.raw`(^|\/)(?:Gruntfile|gulpfile|Jakefile)[^/]*$|(^|\/)${NO_CODE}(?:Makefile|GNUmakefile|Rakefile|Dockerfile|CMakeLists\.txt)[^/]*$|\.(?:mk|cmake|gradle|bazel)$`,
      'i',
    ),
    'script',
  ],
  [
    /^(?:build|bench|benchmark|release|publish)\.[cm]?[jt]s$|^(?:setup|noxfile|tasks|fabfile)\.py$|(^|\/)conftest\.py$|(^|\/)build\.rs$/i,
    'script',
  ],
  [/\.gradle\.kts$/i, 'script'],
  [/\.(?:lock|csv|tsv|xml|sum|mod|gradle|snap|po|pot)$/i, 'declaration'],
  [/(^|\/)\.(?!env(?:\.[\w-]+)?$)[^/]+$/, 'declaration'],
];

/** Folders outside of the source folders; within `src`, `lib` or `app`, these names are parts of the program. */
const BESIDE_SOURCE: ReadonlyArray<readonly [RegExp, NoUnitReason]> = [
  [/(^|\/)(?:dist|build)\//i, 'generated'],
  [/(^|\/)(?:scripts?|bench|benchmarks?|examples?|docs?|\.github|\.circleci)\//i, 'script'],
];
const SOURCE = /(^|\/)(?:src|lib|app|pkg|internal)\//;

/** Files of languages without a grammar, which are read line by line. */
const OTHER_CODE =
  /\.(?:swift|kts?|scala|groovy|lua|sh|bash|zsh|fish|ps1|pl|pm|r|jl|dart|exs?|erl|hrl|hs|clj[cs]?|fs|fsx|vb|m|mm|nim|zig|cr|d|ml|mli|elm|coffee|astro|sql|tcl|v|sol)$/i;

export type FileKind =
  | { kind: 'none'; why: NoUnitReason }
  | { kind: 'tree'; grammar: Grammar }
  /** Only the scripts of a markup page are read. */
  | { kind: 'page' }
  /** A data file: values with keys, which programs read. */
  | { kind: 'data' }
  | { kind: 'lines' }
  | { kind: 'unknown' };

/** `isTest`: whether it is a test file, if the caller knows more than the name shows. `isRead`: a source of the product mentions the file. */
export function kindOf(path: string, isTest = isTestPath(path), isRead = false): FileKind {
  if (isTest) return { kind: 'none', why: 'test' };
  const rules = SOURCE.test(path) ? REASONS : [...REASONS, ...BESIDE_SOURCE];
  const reason = rules.find(([pattern]) => pattern.test(path));
  if (reason !== undefined) return { kind: 'none', why: reason[1] };
  return isDataPath(path) ? dataKindOf(path, isRead) : codeKindOf(path);
}

/** Files that tools read and the program does not: manifests, lock files, settings of compilers, of CI and of deployments. */
const TOOL_FILES =
  /(^|\/)(?:package(?:-lock)?|composer|bower|[jt]sconfig[^/]*|lerna|nx|turbo|project|angular|deno|jsr|vercel|netlify|firebase|renovate|manifest|api-extractor|tslint|cspell|launch|tasks|settings\.vscode|[^/]*[.-]lock|[^/]*\.(?:config|schema|stories)|openapi[^/]*|swagger[^/]*)\.(?:jsonc?|ya?ml|toml)$|(^|\/)(?:pyproject|Cargo|Pipfile|rust-toolchain|clippy|rustfmt|poetry|book|fly|wrangler|mkdocs|docker-compose[^/]*|compose[^/]*|codecov|pnpm-[^/]*|Chart|values[^/]*|pubspec|analysis_options)\.(?:toml|ya?ml)$|(^|\/)(?:setup|tox|pytest|mypy|alembic|flake8|gradle|gradle-wrapper)\.(?:cfg|ini|properties)$|(^|\/)[^/]*rc\.(?:json5?|ya?ml)$/i;
const TOOL_FOLDERS =
  /(^|\/)(?:\.[^/]+|fixtures?|__fixtures__|__mocks__|mocks?|testdata|snapshots|k8s|kubernetes|helm|charts?|deploy(?:ment)?|infra|terraform|ansible|docker)\//i;
const CONFIG = /(^|\/)(?:config|conf|settings|resources)\//;

export function isDataPath(path: string): boolean {
  return /\.(?:json5?|jsonc|ya?ml|toml|properties|ini|cfg|env)$/i.test(path) || /(^|\/)\.env(?:\.[\w-]+)?$/.test(path);
}

function dataKindOf(path: string, isRead: boolean): FileKind {
  if (TOOL_FILES.test(path) || TOOL_FOLDERS.test(path)) return { kind: 'none', why: 'declaration' };
  const belongsToProgram = isRead || SOURCE.test(path) || CONFIG.test(path);
  return belongsToProgram ? { kind: 'data' } : { kind: 'none', why: 'declaration' };
}

/** Returns how a code file is read, in any folder. */
export function codeKindOf(path: string): FileKind {
  const grammar = GRAMMARS.find(([pattern]) => pattern.test(path));
  if (grammar !== undefined) return { kind: 'tree', grammar: grammar[1] };
  if (/\.(?:vue|svelte|html?)$/i.test(path)) return { kind: 'page' };
  return { kind: OTHER_CODE.test(path) ? 'lines' : 'unknown' };
}

const GENERATED =
  /@generated\b|\bCode generated\b.{0,200}\bDO NOT EDIT\b|\bauto-?generated\b.{0,80}\bdo not (?:edit|modify)\b/i;

/** True if the first lines of a file say that it is generated. */
export function isGenerated(text: string): boolean {
  return text
    .slice(0, 2_000)
    .split('\n', 15)
    .some((line) => GENERATED.test(line));
}

/** Returns the scripts of a page. Spaces replace all other text, so that offsets and line numbers stay the same. */
export function scriptsOfPage(text: string): { text: string; grammar: Grammar } {
  let scripts = '';
  let grammar: Grammar = 'javascript';
  let at = 0;
  for (;;) {
    const open = /<script\b[^>]{0,500}>/i.exec(text.slice(at, at + MAX_SEARCH_CHARS));
    if (open === null) {
      if (at + MAX_SEARCH_CHARS >= text.length) break;
      scripts += blank(text.slice(at, at + MAX_SEARCH_CHARS / 2));
      at += MAX_SEARCH_CHARS / 2;
      continue;
    }
    const from = at + open.index + open[0].length;
    const end = text.indexOf('</script', from);
    const to = end === -1 ? text.length : end;
    if (/\blang\s*=\s*["']?ts/i.test(open[0])) grammar = 'typescript';
    if (/\blang\s*=\s*["']?tsx/i.test(open[0])) grammar = 'tsx';
    const script = text.slice(from, to);
    scripts += blank(text.slice(at, from)) + (OTHER_TYPE.test(open[0]) ? blank(script) : script);
    at = to;
  }
  return { text: scripts + blank(text.slice(at)), grammar };
}

/** Script elements that are no code: templates, import maps and data. */
const OTHER_TYPE =
  /\btype\s*=\s*["']?(?!module\b|text\/(?:javascript|typescript|ecmascript|babel|jsx)|application\/(?:java|ecma)script)\w/i;

const MAX_SEARCH_CHARS = 64 * 1024;

function blank(text: string): string {
  return text.replace(/[^\n\r]/g, ' ');
}

/** Returns the lines of a page that belong to its style elements. */
export function styleLinesOfPage(text: string): Set<number> {
  const lines = new Set<number>();
  let isStyle = false;
  for (const [index, line] of text.split('\n').entries()) {
    if (/<style\b/i.test(line)) isStyle = true;
    if (isStyle) lines.add(index + 1);
    if (/<\/style/i.test(line)) isStyle = false;
  }
  return lines;
}
