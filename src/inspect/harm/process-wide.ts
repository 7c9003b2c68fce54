/**
 * Rules for code that changes the whole process when a file is loaded: built-ins, other modules, variables, servers.
 * Pure.
 */
import { matchesOf } from './rule';
import type { HarmRule, Match } from './rule';
import type { CodeView } from '../asks/code-view';

const CHANGES = {
  does: 'changes what belongs to the whole process',
  why: 'code that has nothing to do with this change behaves differently',
} as const;
const BUILT_IN =
  'Math|JSON|Object|Array|String|Number|Boolean|BigInt|Date|Promise|RegExp|Map|Set|WeakMap|Reflect|Intl|Function|EventEmitter|URL|Buffer|Response|Request|Headers';
/** Names that every script can use. */
const GLOBALS = `(?:${BUILT_IN}|fetch|setTimeout|setInterval|setImmediate|parseInt|parseFloat|isNaN|crypto|performance|structuredClone|eval|require|process)`;
/** Modules of Node.js. */
const CORE = 'fs|http|https|crypto|net|tls|dns|child_process|os|util|zlib|stream|module|timers';
/** Modules of Python, and the usual HTTP packages. */
const PY_CORE =
  'ssl|os|builtins|socket|json|math|random|time|datetime|subprocess|decimal|hashlib|hmac|secrets|re|threading|urllib|http|io|pickle|shutil|tempfile|uuid|statistics|fractions|requests|urllib3';

export const PROCESS_WIDE: readonly HarmRule[] = [
  {
    ...{
      ...CHANGES,
      after: 'eslint no-extend-native',
      in: ['script'],
      unless: /\b(?:stackTraceLimit|prepareStackTrace)\b/,
    },
    pattern: new RegExp(
      `(?<![\\w$.])(?:(?:globalThis|window|global|self)\\.)?(?:${BUILT_IN})(?:\\.prototype)?(?:\\.\\w{1,40}|\\[\\s{0,3}'[^']{1,40}'\\s{0,3}\\])\\s{0,9}[-+*/|&]?=(?![=>])`,
      'g',
    ),
    holds: isBuiltIn,
  },
  {
    ...{ ...CHANGES, in: ['script'] },
    pattern: new RegExp(
      `(?<![\\w$.])(?:globalThis|window|global|self)(?:\\.${GLOBALS}\\b|\\[\\s{0,3}'${GLOBALS}'\\s{0,3}\\])\\s{0,9}=(?![=>])`,
      'g',
    ),
  },
  {
    ...{ ...CHANGES, in: ['script'] },
    pattern: new RegExp(
      `\\b(?:Object|Reflect)\\.(?:definePropert(?:y|ies)|assign|set|setPrototypeOf)\\(\\s{0,9}(?:(?:${BUILT_IN})(?:\\.prototype)?\\s{0,9},|(?:globalThis|global|window)\\s{0,9},\\s{0,9}'${GLOBALS}')`,
      'g',
    ),
    holds: isBuiltIn,
  },
  {
    ...{ ...CHANGES, in: ['script'] },
    pattern:
      /\brequire\.(?:cache|extensions)\[[^\]\n]{1,100}\]\s{0,9}=(?!=)|\bModule\.(?:_load|_resolveFilename|_extensions|prototype\.require|prototype\._compile)\b[^=\n]{0,30}=(?![=>])/g,
  },
  {
    ...{ ...CHANGES, in: ['script'], unless: /defaultMaxListeners|globalAgent\.(?:max|keep)/ },
    pattern: new RegExp(`(?<![\\w$.])(${CORE})(?:\\.\\w{1,40}){1,4}\\s{0,9}=(?![=>])`, 'g'),
    holds: ({ text }, { groups: [name = ''] }) =>
      new RegExp(
        `\\b(?:import|const|let|var)\\s{1,9}(?:\\*\\s{0,3}as\\s{1,3})?${name}\\b[^;\\n]{0,40}'(?:node:)?${name}`,
      ).test(text),
  },
  {
    ...{ ...CHANGES, in: ['script'] },
    pattern:
      /\bprocess\.env(?:\.|\[\s{0,3}')(?:NODE_OPTIONS|NODE_EXTRA_CA_CERTS|LD_PRELOAD|LD_LIBRARY_PATH|PATH|TZ|PYTHONPATH|(?:HTTPS?|ALL|NO|https?|all|no)_(?:PROXY|proxy))\b['\]]{0,2}\s{0,9}=(?!=)/g,
    atTop: true,
  },
  {
    does: 'changes another module when it is loaded',
    why: 'the behaviour of another file depends on whether this file was loaded',
    pattern:
      /(?<![^\n])([A-Za-z_$][\w$]{0,60})(?:\.\w{1,60}){1,4}\s{0,9}[-+*/]?=(?![=>])\s{0,9}(?:'|-?\d|true\b|false\b|null\b|undefined\b|Infinity\b|-Infinity\b|NaN\b|!\d)/g,
    in: ['script'],
    holds: ({ text }, { groups: [name = ''] }) => isImportedFromRepository(text, name),
  },
  {
    ...{ ...CHANGES, in: ['python'], unless: /\bos\.(?:environ|umask)\b/ },
    pattern: new RegExp(`(?<![\\w.])(?:${PY_CORE})(?:\\.\\w{1,40}){1,3}\\s{0,9}[-+*/]?=(?!=)`, 'g'),
    holds: (view, { index, text: found }) =>
      isStatement(view, index) &&
      new RegExp(`^\\s{0,80}import\\s[^\\n]{0,200}\\b${found.split('.')[0] ?? ''}\\b`, 'm').test(view.text),
  },
  {
    ...{ ...CHANGES, in: ['python'] },
    pattern: new RegExp(
      `\\bsetattr\\(\\s{0,9}(?:${PY_CORE}|sys\\.modules\\b[^,\\n]{0,60})\\s{0,9},|\\b__builtins__\\[`,
      'g',
    ),
  },
  {
    does: 'changes another module when it is loaded',
    why: 'the behaviour of another file depends on whether this file was loaded',
    pattern: /(?<![^\n])([a-z_]\w{0,60})\.[A-Z][A-Z0-9_]{1,60}\s{0,9}[-+*/]?=(?!=)/g,
    in: ['python'],
    holds: ({ text }, { groups: [name = ''] }) =>
      new RegExp(
        `^(?:from\\s+[\\w.]{1,80}\\s+import\\s[^\\n]{0,200}\\b${name}\\b|import\\s[^\\n]{0,120}\\b${name}\\b)`,
        'm',
      ).test(text),
  },
  {
    does: 'opens the inside of the process to whoever asks its server',
    why: 'profiles and variables of the process are answered on the usual port',
    pattern:
      /(?<=(?:^|\n|import)[ \t]{0,9})_\s{1,9}'(?:net\/http\/pprof|expvar|golang\.org\/x\/net\/trace|[\w./-]{1,80}\/(?:debugcharts|statsviz|gops)[\w./-]{0,40})'/g,
    in: ['braces'],
    after: 'gosec G108',
  },
  {
    ...{ ...CHANGES, in: ['braces'] },
    pattern:
      /\bhttp\.Default(?:Transport|Client|ServeMux)(?:\.\w{1,40})?\s{0,9}=(?!=)|\btime\.Local\s{0,9}=(?!=)|\brand\.Reader\s{0,9}=(?!=)|\bHttpsURLConnection\.setDefault\w{1,40}\(/g,
  },
  {
    ...{ ...CHANGES, isNote: true },
    pattern:
      /\bgetcontext\(\)\.(?:rounding|prec)\s{0,9}=(?!=)|(?<![^\n])random\.seed\(|(?<![^\n])locale\.setlocale\(|\bTimeZone\.setDefault\(|\bLocale\.setDefault\(|\benv::set_var\(|\bSystem\.setSecurityManager\(/g,
  },
];

/** False if the source declares or imports the name itself. */
function isBuiltIn({ text }: CodeView, { text: found }: Match): boolean {
  const [name = ''] = /[A-Z]\w+/.exec(found.replace(/^(?:Object|Reflect)\.\w+\(/, '')) ?? [];
  return !new RegExp(
    `\\b(?:const|let|var|function|class|import|type|interface)\\s{1,9}${name}\\b|\\bimport\\s{0,9}(?:type\\s{1,9})?\\{[^}]{0,400}\\b${name}\\b[^}]{0,400}\\}`,
  ).test(text);
}

/** True if the name is imported by a relative path. */
function isImportedFromRepository(text: string, name: string): boolean {
  const safe = name.replaceAll('$', '\\$');
  const imported = matchesOf(/\bimport\s{1,9}([^;'()]{1,400}?)\s{0,9}from\s{0,9}'\.{1,2}\//g, text);
  if (
    imported.some(({ groups: [names = ''] }) => new RegExp(`(?<![\\w$])${safe}(?![\\w$])(?!\\s{1,9}as\\b)`).test(names))
  )
    return true;
  return new RegExp(
    `\\b(?:const|let|var)\\s{1,9}(?:${safe}|\\{[^}]{0,300}(?<![\\w$])${safe}(?![\\w$])[^}]{0,300}\\})\\s{0,9}=\\s{0,9}require\\(\\s{0,9}'\\.{1,2}/`,
  ).test(text);
}

/** True if the match begins a statement. A named argument of a call does not. */
function isStatement({ text }: CodeView, index: number): boolean {
  return /(?:^|\n|;)[ \t]*$/.test(text.slice(Math.max(0, index - 80), index));
}
