/**
 * Finds functions whose name or comment promises a lock, a queue, a transaction, a rate limit or a retry, and whose
 * body only calls its argument. Also finds locks that are created for each call, so that they exclude no other call.
 * Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import type { ReadFunction } from './functions';
import type { Harm, HarmRule } from './rule';

/** What a function promises, by its name or by its comment. */
const PROMISES: ReadonlyArray<readonly [what: string, name: RegExp, comment: RegExp]> = [
  [
    'a lock or a turn',
    /lock(?!et|s?mith|down|ed|out)|mutex|mutual|semaphore|(?<!de_?)serial(?:ize|ise|ly)|synchroni[sz]e|exclusive|in_?turn|one_?(?:at_?a_?time|by_?one)|single_?flight|critical|en_?queue|atomic(?:ally)?$/i,
    /\bone (?:at a time|after (?:the other|another)|by one)\b|\bmutual(?:ly)? exclu|\bwaits? (?:for|until) (?:its|their|his|the) (?:turn|lock)|\bunder (?:a|the) lock\b|\b(?:holds?|takes?|acquires?) (?:a|the) (?:lock|mutex)\b|\bnever (?:two )?at (?:once|the same time)\b|\bno two\b|\bserialize[sd]? (?:all |the )?(?:calls|work|access|writes|jobs)\b|\batomically\b/i,
  ],
  [
    'a transaction',
    /transaction(?:al|ally)?(?!s|_?(?:id|list|log))|unit_?of_?work|all_?or_?nothing/i,
    /\b(?:in|inside|within) (?:a|one|the same|a single) (?:database )?transaction\b|\ball or nothing\b|\brolls? back\b/i,
  ],
  [
    'a limit of calls',
    /rate_?-?limit|throttl|debounce|slow_?down|(?<!de)limiter/i,
    /\brate.?limit|\bthrottl|\bat most \d+ (?:calls|times|requests|per)\b/i,
  ],
  [
    'another attempt',
    /retr(?:y|ies|ying)(?!_?(?:after|count|delay))|with_?back_?off/i,
    /\b(?:retries|retried|tries again|is tried (?:again|\d|three|twice))\b/i,
  ],
];
/** Words that end with `lock` and mean no lock, such as `block` and `clock`. */
const OTHER_LOCKS = /(?:[bB]|[cC])lock/g;
/** Names that say that the function does nothing, or that another one does the work. */
const SAYS_NO_WORK =
  /no_?-?(?:op|copy)|null|fake|dummy|stub|mock|disabled|without|unlocked|unsafe|pass_?through|in_?memory|try_?lock|is_?locked|un_?lock/i;
const DENIES_WORK =
  /\b(?:do(?:es)? not|doesn't|don't|not (?:locked|guarded|in a|yet|throttled|retried)|no (?:lock|transaction|limit)|without|nothing|already|callers?|no-?op|disabled|single.threaded|must hold|only in tests?)\b/i;
/** Keywords of the header or decorators that do the work. */
const WORK_IN_HEADER =
  /\bsynchronized\s|@(?!contextmanager|asynccontextmanager|contextlib|staticmethod|classmethod|functools|wraps|Override|SuppressWarnings|SafeVarargs|JvmStatic)\w|#\[\w|\[MethodImpl/;

export function idleWrapper(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, comment, line, to } = one;
  if (
    SAYS_NO_WORK.test(name) ||
    SAYS_NO_WORK.test(ownerOf(view, one.from)) ||
    WORK_IN_HEADER.test(headerOf(view, one.from))
  )
    return undefined;
  const promised = PROMISES.find(
    ([, namePattern, commentPattern]) =>
      namePattern.test(name.replace(OTHER_LOCKS, '')) || (commentPattern.test(comment) && !DENIES_WORK.test(comment)),
  );
  if (promised === undefined) return undefined;
  const [what, , commentPattern] = promised;
  if (DENIES_WORK.test(comment) && !commentPattern.test(comment)) return undefined;
  const isLock = what === 'a lock or a turn';
  const isIdle = isOnlyCall(one, { syntax, isLock }) || (isLock && isEmptyLock(view, one));
  return isIdle
    ? {
        ...{ line, to, isNote: false },
        does: `promises ${what}, and only calls what it is given`,
        why: 'the function does not do what its name or comment promises; do it, or give the function another name',
      }
    : undefined;
}

/** Returns the text between the previous statement and the body. */
function headerOf({ text }: CodeView, from: number): string {
  const above = text.slice(Math.max(0, from - 400), from);
  return above.slice(Math.max(0, above.search(/[;{}]\s{0,9}\n(?![\s\S]{0,400}[;{}]\s{0,9}\n)/)));
}

/** Returns the last class or type that is opened above. */
function ownerOf({ text }: CodeView, from: number): string {
  const above = text.slice(Math.max(0, from - 3_000), from);
  const owners =
    above.match(/\b(?:class|struct|impl|object|interface|trait|protocol|module)\s{1,3}[\w<>: ]{1,80}/g) ?? [];
  const method = /\bfunc\s{1,3}\([^()\n]{1,60}\)/.exec(above.slice(above.lastIndexOf('\n')))?.[0] ?? '';
  const last = owners.at(-1) ?? '';
  return `${/\b(?:interface|trait|protocol)\b/.test(last) ? 'null' : last} ${method}`;
}

/** Matches one argument. Repetition is bounded so that a long word is read in one way only. */
const ARGUMENT = String.raw`(?:\.\.\.|\*{1,2}|&)?[\w$.]{1,43}`;
/** What follows a function if it is called with simple arguments, also by a method such as `.call()`. */
const CALL_OF = String.raw`(?:\.(?:call|apply|run|get|invoke|Invoke|execute|accept|await)|::call)?!?\.?\s{0,3}\(\s{0,9}(?:${ARGUMENT}(?:(?:\s{0,3},\s{0,9}|\s{1,3})${ARGUMENT}){0,5})?\s{0,3},?\s{0,9}\)`;

/** The same without arguments. */
const BARE_CALL = String.raw`(?:\.(?:call|run|get|invoke|Invoke|execute))?\(\)`;

/** True if the body is only a call of a parameter, or the parameter itself. */
function isOnlyCall(
  { name, params, body }: ReadFunction,
  { syntax, isLock }: { syntax: Syntax; isLock: boolean },
): boolean {
  const { bare, innerParams } = unwrap(body);
  if (bare.length > 200) return false;
  if (syntax === 'ruby' && /^(?:return\s)?yield(?:\([\w, ]{0,60}\)|\s[\w, ]{1,60})?$/.test(bare)) return true;
  if (syntax === 'python' && bare === 'yield') return true;
  return namesOf(`${params},${innerParams}`).some((one) => {
    const escaped = one.replaceAll('$', '\\$');
    // `serialize` may also convert a value: only a call without arguments counts there.
    const mayReturnArgument = !isLock || /synchron/i.test(name);
    const call = /serial/i.test(name) ? BARE_CALL : mayReturnArgument ? `(?:${CALL_OF})?` : CALL_OF;
    return new RegExp(`^(?:return\\s{0,9})?(?:await\\s{1,9})?\\(?${escaped}${call}(?:\\.await)?\\)?\\??$`).test(bare);
  });
}

/**
 * Removes an inner function around the body, and the end of the statement. Returns what remains, and the parameters of
 * the inner function.
 */
function unwrap(body: string): { bare: string; innerParams: string } {
  const whole = body.trim().replace(/;$/, '').trim();
  const [, params = '', arrow] =
    /^(?:return\s{1,9})?(?:async\s{0,3})?\(((?:\.\.\.)?[\w$, :[\]]{0,80})\)\s{0,3}=>\s{0,3}(?:\{\s{0,40})?((?:return\s{1,9})?[^{};]{1,160}?);?\s{0,40}\}?$/.exec(
      whole,
    ) ?? [];
  const [, inner] =
    /^(?:@\w[\w.()]{0,60}\s{1,80})?(?:async\s)?def\s\w{1,60}\([^()]{0,80}\)[^:\n]{0,40}:\s{1,80}((?:return\s)?(?:await\s)?\w{1,60}\([^()]{0,80}\))\s{1,80}return\s\w{1,60}$/.exec(
      whole,
    ) ?? [];
  return { bare: (arrow ?? inner ?? whole).replace(/;$/, '').trim(), innerParams: params };
}

function namesOf(params: string): string[] {
  return params
    .split(',')
    .flatMap((part) => [
      /^\s{0,9}(?:mut\s|&)?\$?([\w$]+)\s{0,3}(?:[?:]|$)/.exec(part)?.[1],
      /([\w$]+)\s{0,9}$/.exec(part)?.[1],
      /^\s{0,9}([\w$]+)\s/.exec(part)?.[1],
    ])
    .flatMap((name) => (name === undefined || /^(?:self|cls)$/.test(name) ? [] : [name, `$${name}`]));
}

const LOCK_METHOD = /^(?:lock|acquire|Lock|Acquire|enter|Enter)(?:Async|_async)?$/;

/** True for an empty `lock() {}` in a type that also has a method to release it. */
function isEmptyLock({ text }: CodeView, { name, body, params }: ReadFunction): boolean {
  if (!LOCK_METHOD.test(name) || params.split(',').length > 2) return false;
  const bare = body.trim().replace(/;$/, '');
  const isEmpty =
    /^(?:|pass|return|return\s(?:true|True|this|self|nil|null|None|0)|return\sPromise\.resolve\((?:true)?\)|true|True)$/.test(
      bare,
    );
  // A method that releases shows that the type is a lock.
  return isEmpty && /\b(?:unlock|release|Unlock|Release|exit|Exit)\w{0,12}\s{0,3}\(/.test(text);
}

const LOCK_PER_CALL = {
  does: 'takes a lock that is made for this call alone',
  why: 'no other call uses the same lock, so no call waits; create it once, beside the data that it guards',
} as const;

/** Locks that are created and taken in one expression. */
export const LOCKS_PER_CALL: readonly HarmRule[] = [
  {
    ...LOCK_PER_CALL,
    in: ['python'],
    pattern: /\bwith\s{1,3}(?:threading|asyncio|multiprocessing)\.(?:R?Lock|Semaphore|BoundedSemaphore)\(\d{0,3}\)/g,
  },
  {
    ...LOCK_PER_CALL,
    in: ['braces'],
    pattern:
      /\b(?:synchronized|lock)\s{0,3}\(\s{0,3}new\s{1,3}[Oo]bject\(\)\s{0,3}\)|\bnew\s{1,3}(?:ReentrantLock|Semaphore|SemaphoreSlim|Mutex)\([^()\n]{0,40}\)\.(?:lock|acquire|WaitOne|Wait|WaitAsync)\(|\b(?:ReentrantLock|Mutex)\(\)\.(?:withLock|lock)\b|\b(?:lock_guard|unique_lock|scoped_lock)(?:<[^<>\n]{0,40}>)?\s{0,3}\w{0,30}[({]\s{0,3}(?:std::)?mutex[({]/g,
  },
  {
    ...LOCK_PER_CALL,
    in: ['script'],
    pattern:
      /\bnew\s{1,3}(?:Mutex|Semaphore|AsyncLock|Lock)\([^()\n]{0,40}\)\.(?:runExclusive|acquire|lock|withLock)\(/g,
  },
  { ...LOCK_PER_CALL, in: ['rust'], pattern: /\b(?:Mutex|RwLock)::new\(\(?\)?\)\s{0,20}\.(?:lock|write|read)\(/g },
  { ...LOCK_PER_CALL, in: ['ruby'], pattern: /\b(?:Mutex|Monitor)\.new\.(?:synchronize|lock)\b/g },
];

/** A statement that creates a lock; the groups are its name. */
const CREATES_LOCK =
  /(?:\b(?:const|let|var|val|auto|final)\s{1,3}|\b(?:[A-Z]\w{0,30}|std::mutex)\s{1,3})?(?<![.\w>-])(?:mut\s{1,3})?(\w{1,40})\s{0,3}(?:=|:=)\s{0,3}(?:await\s)?(?:new\s{1,3}(?:Mutex|Semaphore|AsyncLock|ReentrantLock|Object|object|SemaphoreSlim|Lock)\([^()\n]{0,30}\)|(?:threading|asyncio|multiprocessing)\.(?:R?Lock|Semaphore)\(\d{0,3}\)|Mutex\.new\b|(?:Mutex|ReentrantLock)\(\)|(?:&|sync\.)?(?:sync\.)?(?:RW)?Mutex\{\}|(?:std::sync::)?(?:Mutex|RwLock)::new\(\(\)\))|\bvar\s{1,3}(\w{1,40})\s{1,3}sync\.(?:RW)?Mutex\b|\bstd::(?:recursive_)?mutex\s{1,3}(\w{1,40})\s{0,3};/;
/** Signs of parallel work that may use the same lock. */
const SPAWNS =
  /\bgo\s{1,3}(?:func\b|\w)|[tT]hread|spawn|[eE]xecutor|[pP]arallel|errgroup|Promise\.all|\bgather\(|\bTask\b|\bcreate_task|\basync\s{0,3}\{|\blaunch\b|\bclone\(|\breturn\s{1,3}(?:async\s)?(?:\(|function|func\b)|\bstatic\b|\.map\(|\.forEach\(|\bdef\s/;

/** Finds a lock that a function creates and takes without passing it on. */
export function lockOfOneCall({ lines }: CodeView, _: Syntax, { body, from }: ReadFunction): Harm | undefined {
  const creation = CREATES_LOCK.exec(body);
  const name = creation?.slice(1).find((word) => word !== undefined);
  if (creation === null || name === undefined || SPAWNS.test(body.replace(creation[0], ''))) return undefined;
  const uses = body.match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
  const takes =
    body.match(
      new RegExp(
        `\\b${name}\\.(?:lock|acquire|Lock|RLock|runExclusive|withLock|synchronize|Wait|WaitAsync|unlock|release|Unlock|RUnlock|Release|write|read)\\b|\\bwith\\s{1,3}${name}\\s{0,3}:|\\b(?:synchronized|lock)\\s{0,3}\\(\\s{0,3}${name}\\s{0,3}\\)|\\b(?:lock_guard|unique_lock|scoped_lock)\\b[^;\\n]{0,60}[({]\\s{0,3}${name}\\s{0,3}[)}]`,
        'g',
      ),
    ) ?? [];
  if (takes.length === 0 || takes.length !== uses.length - 1) return undefined;
  const afterCreation = body.slice(creation.index + creation[0].length);
  // An inner function may be called in parallel.
  if (
    /=>|\bfunc\b|\bfunction\b|\blambda\b|->|\bdef\b|\|/.test(
      afterCreation.slice(0, afterCreation.indexOf(takes[0] ?? '')),
    )
  )
    return undefined;
  const line = lines[from + creation.index + creation[0].length - 1] ?? 1;
  return { line, to: line, ...LOCK_PER_CALL, isNote: false };
}
