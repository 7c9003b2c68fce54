/**
 * Finds client input in the argument of a call: how it arrives in each language, and the variables above the call that
 * contain it. Input that a validating call checks, or that becomes a number, does not count. Pure; bounded.
 */
import { literal } from '../../../domain/literal';
import type { CodeView, Syntax } from '../../asks/code-view';
import { matchesOf } from '../rule';

/** Expressions for what a client writes into a request: queries, forms, bodies. */
const INPUT: Readonly<Record<Syntax, string>> = {
  script: String.raw`\b(?:req|request|ctx|ctx\.request|c\.req|event|evt)\.(?:query|params|body|queryStringParameters|pathParameters|cookies|param\(|queries\()|\bsearchParams\.get\(|\bnew\s{1,3}URLSearchParams\(|\bawait\s{1,3}(?:req|request|c\.req)\.(?:json|formData|text)\(|\b(?:readBody|getQuery|getRouterParam)\(\s{0,3}event|\blocation\.(?:hash|search)\b|\bdocument\.(?:URL|referrer)\b|\buseSearchParams\(`,
  python: String.raw`\b(?:flask\.)?request\.(?:args|form|values|json|data|files|GET|POST|FILES|query_params|path_params|cookies|get_json\(|query\b|match_info|body\b)|\bself\.request\.(?:GET|POST|data|query_params)|\bself\.get_(?:query_)?argument\(|\bparse_qs\w?\(|\bunquote(?:_plus)?\(`,
  braces: String.raw`\b(?:r|req|request)\.(?:URL\.Query\(\)|FormValue\(|PostFormValue\(|PathValue\(|Form\b|PostForm\b)|\bc(?:tx)?\.(?:Query|Param|PostForm|DefaultQuery|QueryParam|FormValue|Params|Query(?:Param|Value)|queryParam|pathParam|formParam)\(|\bchi\.URLParam\(|\bmux\.Vars\(|\.getParameter\(|\.getQueryString\(\)|\.getPathInfo\(\)|\bRequest\.(?:Query|Form|QueryString)\b|\bcall\.(?:parameters|request\.queryParameters)\b|\bURLDecoder\.decode\(|\burl\.(?:PathUnescape|QueryUnescape)\(`,
  php: String.raw`\$_(?:GET|POST|REQUEST|COOKIE|FILES)\b|\$request->(?:input|query|get|all|post|getParsedBody|getQueryParams)\b|\burldecode\(`,
  ruby: String.raw`(?<![\w.])params\[|\brequest\.(?:params|query_string|GET|POST)\b|\bCGI\.unescape\(`,
  rust: String.raw`\.query_string\(\)|\bweb::(?:Path|Query|Form)<|\b(?:Path|Query|Form)\(\w{1,40}\)\s{0,3}:`,
};
/** Expressions for the URL and the headers of a request. */
const ADDRESS: Readonly<Record<Syntax, string>> = {
  script: String.raw`\b(?:req|request|ctx|ctx\.request|c\.req)\.(?:url|path|originalUrl|headers)\b|\bdecodeURI(?:Component)?\(`,
  python: String.raw`\brequest\.(?:path|full_path|headers)\b|\bself\.(?:headers|path)(?=\s{0,3}(?:\[\s{0,3}1|\.(?:lstrip|split|strip|removeprefix)))`,
  braces: String.raw`\b(?:r|req|request)\.(?:URL\.(?:Path|RawPath|RawQuery)|RequestURI|Header\.Get\()|\.getRequestURI\(\)|\bRequest\.Path\b|\.getHeader\(`,
  php: String.raw`\$_SERVER\[\s{0,3}'(?:PATH_INFO|REQUEST_URI|QUERY_STRING|HTTP_\w{1,40})'`,
  ruby: String.raw`\brequest\.(?:path|path_info|fullpath|url|headers)\b`,
  rust: String.raw`\.uri\(\)\.path\(\)`,
};
/** Makes input harmless: a number, an entry of a list, the last part of a path, escaped text. */
const MAKES_HARMLESS =
  /parseInt|parseFloat|\bNumber\(|\bint\(|\bfloat\(|\bbool\(|Boolean\(|UUID|uuid|Atoi|ParseInt|\.length\s{0,3}$|\blen\([^()]{0,60}\)\s{0,3}$|\bintval\(|\(int\)|\.to_i\b|base_?name|BaseName|filepath\.Base\(|path\.Base\(|getFileName\(|GetFileName\(|secure_?filename|sanitiz|escape|encode(?:URI|For)|htmlspecialchars|htmlentities|\bpick\(|\bpermit\(|safe_?join|safeJoin|SecureJoin|\bvalidat|[sS]chema\b|\.safeParse\(|\bhash|digest|\.json\(\)\.(?:get|id)\b|\bfind\w{0,20}\(|\[\w{1,30}\[|\bcreateHash|allowed|ALLOWED/i;
/** A query to a store or another server; the group is its object. The answer is not the input. */
const LOOKED_UP =
  /^\s{0,9}(?:await\s{1,9})?(\$?[\w$]{1,40}(?:(?:\.|->|::)[\w$]{1,40}){0,4})(?:\.|->|::)(?:find|get|query|fetch|load|select|execute|lookup|one|all|first|scalar|retrieve|Query|Find|Get|First|Load|Lookup|Fetch)\w{0,30}\(/;
/** Names of objects that hold input themselves, so that `query.get()` is no query to a store. */
const INPUT_OBJECT =
  /(?<![a-z])(?:req|request|ctx|context|params?|query|args|form|headers?|cookies?|body|url|event|search_?params|values|input|paths?|files?|uri)(?![a-z])/i;
const ABOVE_CHARS = 3_000;
const NAME = String.raw`[\w$]{1,60}`;
/** An assignment; the groups are the target and the value. */
const ASSIGNMENT = new RegExp(
  String.raw`(?<![\w$.>])(?:(?:const|let|var|val|final|auto|mut|my)\s{1,3})?(?:[\w<>.\[\]?]{1,40}\s{1,3})?(\$?${NAME}|[{[(][^{}()[\]\n=]{1,160}[}\])])(?:\s{0,3},\s{0,3}[\w$]{1,40}){0,2}\s{0,3}(?::[^=\n;(){}]{1,60})?:?=(?![=>~])\s{0,9}([^;\n]{1,300})`,
  'g',
);

export interface ArgumentAt {
  index: number;
  /** The argument as it stands in the view. */
  args: string;
  /** True if the URL and the headers of the request count as input, too. */
  countsRequestUrl: boolean;
}

/**
 * Returns the variable or the expression by which the argument contains client input. Returns undefined if it contains
 * none, or if the code checks the input.
 */
export function clientWordIn(
  view: CodeView,
  syntax: Syntax,
  { index, args, countsRequestUrl }: ArgumentAt,
): string | undefined {
  const inputPattern = new RegExp(countsRequestUrl ? `${INPUT[syntax]}|${ADDRESS[syntax]}` : INPUT[syntax]);
  if (MAKES_HARMLESS.test(args)) return undefined;
  const code = args.replace(/'[^'\n]*'/g, "''");
  const [direct] = inputPattern.exec(args) ?? [];
  const above = aboveOf(view, syntax, index);
  if (direct !== undefined) return isChecked(above + args, direct) ? undefined : direct;
  const names = namesIn(above, inputPattern, syntax);
  const usedName = [...names].find((name) => holdsName(code, name));
  if (usedName === undefined || [...names].some((name) => isChecked(above + args, name))) return undefined;
  return usedName;
}

function holdsName(code: string, name: string): boolean {
  return new RegExp(`(?<![\\w$.])${literal(name)}(?![\\w$(]|\\s{0,3}[:=](?!=))`).test(code);
}

/** Returns the text from the top of the function to the index. */
function aboveOf({ text }: CodeView, syntax: Syntax, index: number): string {
  const above = text.slice(Math.max(0, index - ABOVE_CHARS), index);
  const ends = syntax === 'python' || syntax === 'ruby' ? /\n[ \t]*(?:async\s+)?def\s/g : /\n[)}\]]{1,3};?[ \t]*\n/g;
  const last = [...above.matchAll(ends)].at(-1);
  if (last === undefined) return above;
  // Includes the decorators above the header.
  return syntax === 'python'
    ? above.slice(Math.max(0, above.lastIndexOf('\n\n', last.index)))
    : above.slice(last.index);
}

/** Returns the variables that contain input. */
function namesIn(above: string, inputPattern: RegExp, syntax: Syntax): Set<string> {
  const names = new Set<string>(paramsOf(above, syntax));
  for (const { groups, text } of matchesOf(ASSIGNMENT, above)) {
    const [target = ''] = groups;
    const value = text.slice(text.indexOf('=') + 1);
    if (MAKES_HARMLESS.test(value) || isLookedUp(value, inputPattern)) continue;
    const isInput =
      inputPattern.test(value) || [...names].some((name) => holdsName(value.replace(/'[^'\n]*'/g, "''"), name));
    if (!isInput) continue;
    for (const one of target.match(/[\w$]+/g) ?? []) if (!/^(?:const|let|var|mut)$/.test(one)) names.add(one);
  }
  return names;
}

function isLookedUp(value: string, inputPattern: RegExp): boolean {
  const [call, from = ''] = LOOKED_UP.exec(value) ?? [];
  return call !== undefined && !inputPattern.test(call) && !INPUT_OBJECT.test(from);
}

/** A handler of Flask or FastAPI with parameters in its route; the group is the parameters of the function. */
const ROUTE =
  /@\w{1,30}\.(?:route|get|post|put|patch|delete)\(\s{0,3}'[^'\n]{0,120}?[<{][^\n]{0,160}\n(?:[ \t]*@[^\n]{0,160}\n){0,4}[ \t]*(?:async\s)?def\s{1,3}\w{1,60}\(([^()]{0,300})\)/g;
/** Annotated parameters of Spring, JAX-RS and ASP.NET. */
const ANNOTATED =
  /@(?:RequestParam|PathVariable|QueryParam|PathParam|FormParam|RequestBody)\b(?:\([^()\n]{0,80}\))?\s{1,3}(?:final\s{1,3})?String\s{1,3}(\w{1,40})|\[From(?:Query|Route|Form|Body)\b[^\]\n]{0,40}\]\s{0,3}string\s{1,3}(\w{1,40})/g;
/** Extractors of axum and actix. */
const EXTRACTED = /\b(?:Path|Query|Form)\((\w{1,40})\)\s{0,3}:|\b(\w{1,40})\s{0,3}:\s{0,3}web::(?:Path|Query|Form)</g;

/** Returns the parameters that a framework fills from the request. */
function paramsOf(above: string, syntax: Syntax): string[] {
  if (syntax === 'python')
    return matchesOf(ROUTE, above).flatMap(({ text, groups: [params = ''] }) => {
      const places = text.slice(0, text.indexOf('\n'));
      return (params.match(/(?<![\w:=])\w{1,40}(?=\s{0,3}(?:[:,=]|$))(?!\s{0,3}:\s{0,3}int\b)/g) ?? []).filter((name) =>
        new RegExp(`(?<!int:)\\b${name}(?::path)?[>}]`).test(places),
      );
    });
  const pattern = syntax === 'braces' ? ANNOTATED : syntax === 'rust' ? EXTRACTED : undefined;
  return pattern === undefined
    ? []
    : matchesOf(pattern, above).flatMap(({ groups }) => groups.filter((one) => one !== ''));
}

/** Names of calls that check a value. */
const CHECKS = String.raw`[\w.$]{0,60}(?:safe|valid|sanit|allow|permit|inside|within|check|ensure|assert|guard|is_?local|trusted|known|match|relative|realpath|realPath|resolve_?within|normalize|commonpath|canonical|verify)[\w.$]{0,40}`;

/** True if a call or a condition checks the input. */
function isChecked(above: string, input: string): boolean {
  const name = literal(input);
  const checkPatterns = [
    `${CHECKS}\\([^;\\n]{0,120}(?<![\\w$.])${name}(?![\\w$])`,
    `(?<![\\w$.])${name}(?:[?!]?\\.\\w{1,40}(?:\\([^()\\n]{0,60}\\))?){0,3}[?!]?\\.(?:startsWith|startswith|StartsWith|start_with\\?|match|matches|test|is_relative_to|relative_to|isalnum|isidentifier|origin|host|hostname|netloc)\\b(?!\\(\\s{0,3}'\\/[\\w/-]{2,})`,
    `\\b(?:HasPrefix|IsLocal|Contains|fullmatch|match|search|test|has|includes|contains|in_array|preg_match|MatchString|ContainsKey|hasOwn|is_file_in|include\\?|key\\?)\\(\\s{0,3}[^;\\n]{0,60}(?<![\\w$.])${name}(?![\\w$])`,
    `(?<![\\w$.])${name}\\s{1,3}(?:not\\s{1,3})?in\\s{1,3}(?!\\()`,
    `(?<![\\w$.])${name}(?:\\.\\w{1,20})?\\.(?:includes|contains|indexOf|include\\?)\\(\\s{0,3}'(?:\\.\\.|\\/|:)|'\\.\\.'\\s{1,3}in\\s{1,3}${name}`,
    `(?:===?|!==?)\\s{0,3}'[^'\\n]{1,60}'\\s{0,3}\\|\\|\\s{0,3}${name}\\b|(?<![\\w$.])${name}\\s{0,3}(?:===?|!==?)\\s{0,3}(?:'[^'\\n]{2,60}'|[A-Z][A-Z_]{2,})|\\bswitch\\s{0,3}\\(\\s{0,3}${name}\\b`,
  ];
  return checkPatterns.some((one) => new RegExp(one).test(above));
}

const ARGS_LIMIT_CHARS = 400;

/** Returns the text up to the closing bracket of the call or the end of the statement; with `firstOnly`, up to a comma. */
export function argumentsAt({ text, isText }: CodeView, from: number, firstOnly = false): string {
  let depth = 0;
  let at = from;
  for (; at < Math.min(text.length, from + ARGS_LIMIT_CHARS); at += 1) {
    if (isText[at] === true) continue;
    const sign = text[at] ?? '';
    if ('({['.includes(sign)) depth += 1;
    else if (')}]'.includes(sign)) depth -= 1;
    if (depth < 0 || (depth === 0 && (sign === ';' || (firstOnly && /[\n,]/.test(sign) && at > from + 1)))) break;
  }
  return text.slice(from, at);
}
