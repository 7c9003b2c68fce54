/**
 * Functions that promise by name or comment that work is done under a lock, in turn, in a transaction, rarely or again, and only
 * call what they are given; and locks that are made anew for each call. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import type { ReadFunction } from './functions';
import type { Harm, HarmRule } from './rule';

const PROMISES: ReadonlyArray<readonly [what: string, name: RegExp, said: RegExp]> = [
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
/** They end alike, and lock nothing. */
const OTHER_LOCKS = /(?:[bB]|[cC])lock/g;
/** What says that nothing is to be done, or that another one does it. */
const HONEST =
  /no_?-?(?:op|copy)|null|fake|dummy|stub|mock|disabled|without|unlocked|unsafe|pass_?through|in_?memory|try_?lock|is_?locked|un_?lock/i;
const SAYS_NOT =
  /\b(?:do(?:es)? not|doesn't|don't|not (?:locked|guarded|in a|yet|throttled|retried)|no (?:lock|transaction|limit)|without|nothing|already|callers?|no-?op|disabled|single.threaded|must hold|only in tests?)\b/i;
/** Words of the header, or a decorator, do the work. */
const DONE_ABOVE =
  /\bsynchronized\s|@(?!contextmanager|asynccontextmanager|contextlib|staticmethod|classmethod|functools|wraps|Override|SuppressWarnings|SafeVarargs|JvmStatic)\w|#\[\w|\[MethodImpl/;

export function idleWrapper(view: CodeView, syntax: Syntax, one: ReadFunction): Harm | undefined {
  const { name, said, line, to } = one;
  if (HONEST.test(name) || HONEST.test(ownerOf(view, one.from)) || DONE_ABOVE.test(headerOf(view, one.from)))
    return undefined;
  const promised = PROMISES.find(
    ([, names, comment]) => names.test(name.replace(OTHER_LOCKS, '')) || (comment.test(said) && !SAYS_NOT.test(said)),
  );
  if (promised === undefined || (SAYS_NOT.test(said) && !promised[2].test(said))) return undefined;
  const [what] = promised;
  const isBare =
    isOnlyCall(one, { syntax, isTurn: what === 'a lock or a turn' }) ||
    (what === 'a lock or a turn' && isEmptyLock(view, one));
  return isBare
    ? {
        ...{ line, to, isNote: false },
        does: `promises ${what}, and only calls what it is given`,
        why: 'two at once meet, and what was promised does not happen; do it, or name it for what it does',
      }
    : undefined;
}

/** From the end of what stands above. */
function headerOf({ text }: CodeView, from: number): string {
  const above = text.slice(Math.max(0, from - 400), from);
  return above.slice(Math.max(0, above.search(/[;{}]\s{0,9}\n(?![\s\S]{0,400}[;{}]\s{0,9}\n)/)));
}

/** The last class or type that is opened above. */
function ownerOf({ text }: CodeView, from: number): string {
  const above = text.slice(Math.max(0, from - 3_000), from);
  const owners =
    above.match(/\b(?:class|struct|impl|object|interface|trait|protocol|module)\s{1,3}[\w<>: ]{1,80}/g) ?? [];
  const method = /\bfunc\s{1,3}\([^()\n]{1,60}\)/.exec(above.slice(above.lastIndexOf('\n')))?.[0] ?? '';
  const last = owners.at(-1) ?? '';
  return `${/\b(?:interface|trait|protocol)\b/.test(last) ? 'null' : last} ${method}`;
}

/** Words are kept apart by a sign, so that there is one way to read a long one. */
const GIVEN = String.raw`(?:\.\.\.|\*{1,2}|&)?[\w$.]{1,43}`;
const CALL_OF = String.raw`(?:\.(?:call|apply|run|get|invoke|Invoke|execute|accept|await)|::call)?!?\.?\s{0,3}\(\s{0,9}(?:${GIVEN}(?:(?:\s{0,3},\s{0,9}|\s{1,3})${GIVEN}){0,5})?\s{0,3},?\s{0,9}\)`;

const BARE_CALL = String.raw`(?:\.(?:call|run|get|invoke|Invoke|execute))?\(\)`;

/** Nothing but a call of a parameter, or the parameter itself. */
function isOnlyCall(
  { name, params, body }: ReadFunction,
  { syntax, isTurn }: { syntax: Syntax; isTurn: boolean },
): boolean {
  const { bare, inner } = unwrapped(body);
  if (bare.length > 200) return false;
  if (syntax === 'ruby' && /^(?:return\s)?yield(?:\([\w, ]{0,60}\)|\s[\w, ]{1,60})?$/.test(bare)) return true;
  if (syntax === 'python' && bare === 'yield') return true;
  return namesOf(`${params},${inner}`).some((one) => {
    const said = one.replaceAll('$', '\\$');
    // A value may be given back as it came, or written by what is called with it.
    const isDecorator = !isTurn || /synchron/i.test(name);
    const call = /serial/i.test(name) ? BARE_CALL : isDecorator ? `(?:${CALL_OF})?` : CALL_OF;
    return new RegExp(`^(?:return\\s{0,9})?(?:await\\s{1,9})?\\(?${said}${call}(?:\\.await)?\\)?\\??$`).test(bare);
  });
}

/** Without the function that is written around it, and without the end of the statement. */
function unwrapped(body: string): { bare: string; inner: string } {
  const whole = body.trim().replace(/;$/, '').trim();
  const [, params = '', arrow] =
    /^(?:return\s{1,9})?(?:async\s{0,3})?\(((?:\.\.\.)?[\w$, :[\]]{0,80})\)\s{0,3}=>\s{0,3}(?:\{\s{0,40})?((?:return\s{1,9})?[^{};]{1,160}?);?\s{0,40}\}?$/.exec(
      whole,
    ) ?? [];
  const [, inner] =
    /^(?:@\w[\w.()]{0,60}\s{1,80})?(?:async\s)?def\s\w{1,60}\([^()]{0,80}\)[^:\n]{0,40}:\s{1,80}((?:return\s)?(?:await\s)?\w{1,60}\([^()]{0,80}\))\s{1,80}return\s\w{1,60}$/.exec(
      whole,
    ) ?? [];
  return { bare: (arrow ?? inner ?? whole).replace(/;$/, '').trim(), inner: params };
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

const LOCKS = /^(?:lock|acquire|Lock|Acquire|enter|Enter)(?:Async|_async)?$/;

/** `lock() {}`: where a type has a lock to take, taking it does something. */
function isEmptyLock({ text }: CodeView, { name, body, params }: ReadFunction): boolean {
  if (!LOCKS.test(name) || params.split(',').length > 2) return false;
  const bare = body.trim().replace(/;$/, '');
  const isEmpty =
    /^(?:|pass|return|return\s(?:true|True|this|self|nil|null|None|0)|return\sPromise\.resolve\((?:true)?\)|true|True)$/.test(
      bare,
    );
  // Who lets it go again: the two make a lock.
  return isEmpty && /\b(?:unlock|release|Unlock|Release|exit|Exit)\w{0,12}\s{0,3}\(/.test(text);
}

const ANEW = {
  does: 'takes a lock that is made for this call alone',
  why: 'no other call holds the same lock, so nobody waits; make it once, beside what it guards',
} as const;

/** A lock that is made and taken in one breath. */
export const LOCKS_MADE_ANEW: readonly HarmRule[] = [
  {
    ...ANEW,
    in: ['python'],
    pattern: /\bwith\s{1,3}(?:threading|asyncio|multiprocessing)\.(?:R?Lock|Semaphore|BoundedSemaphore)\(\d{0,3}\)/g,
  },
  {
    ...ANEW,
    in: ['braces'],
    pattern:
      /\b(?:synchronized|lock)\s{0,3}\(\s{0,3}new\s{1,3}[Oo]bject\(\)\s{0,3}\)|\bnew\s{1,3}(?:ReentrantLock|Semaphore|SemaphoreSlim|Mutex)\([^()\n]{0,40}\)\.(?:lock|acquire|WaitOne|Wait|WaitAsync)\(|\b(?:ReentrantLock|Mutex)\(\)\.(?:withLock|lock)\b|\b(?:lock_guard|unique_lock|scoped_lock)(?:<[^<>\n]{0,40}>)?\s{0,3}\w{0,30}[({]\s{0,3}(?:std::)?mutex[({]/g,
  },
  {
    ...ANEW,
    in: ['script'],
    pattern:
      /\bnew\s{1,3}(?:Mutex|Semaphore|AsyncLock|Lock)\([^()\n]{0,40}\)\.(?:runExclusive|acquire|lock|withLock)\(/g,
  },
  { ...ANEW, in: ['rust'], pattern: /\b(?:Mutex|RwLock)::new\(\(?\)?\)\s{0,20}\.(?:lock|write|read)\(/g },
  { ...ANEW, in: ['ruby'], pattern: /\b(?:Mutex|Monitor)\.new\.(?:synchronize|lock)\b/g },
];

const MADE =
  /(?:\b(?:const|let|var|val|auto|final)\s{1,3}|\b(?:[A-Z]\w{0,30}|std::mutex)\s{1,3})?(?<![.\w>-])(?:mut\s{1,3})?(\w{1,40})\s{0,3}(?:=|:=)\s{0,3}(?:await\s)?(?:new\s{1,3}(?:Mutex|Semaphore|AsyncLock|ReentrantLock|Object|object|SemaphoreSlim|Lock)\([^()\n]{0,30}\)|(?:threading|asyncio|multiprocessing)\.(?:R?Lock|Semaphore)\(\d{0,3}\)|Mutex\.new\b|(?:Mutex|ReentrantLock)\(\)|(?:&|sync\.)?(?:sync\.)?(?:RW)?Mutex\{\}|(?:std::sync::)?(?:Mutex|RwLock)::new\(\(\)\))|\bvar\s{1,3}(\w{1,40})\s{1,3}sync\.(?:RW)?Mutex\b|\bstd::(?:recursive_)?mutex\s{1,3}(\w{1,40})\s{0,3};/;
/** Others may hold it beside the call. */
const SPAWNS =
  /\bgo\s{1,3}(?:func\b|\w)|[tT]hread|spawn|[eE]xecutor|[pP]arallel|errgroup|Promise\.all|\bgather\(|\bTask\b|\bcreate_task|\basync\s{0,3}\{|\blaunch\b|\bclone\(|\breturn\s{1,3}(?:async\s)?(?:\(|function|func\b)|\bstatic\b|\.map\(|\.forEach\(|\bdef\s/;

/** The lock of a function that makes it, takes it, and gives it to nobody. */
export function lockOfOneCall({ lines }: CodeView, _: Syntax, { body, from }: ReadFunction): Harm | undefined {
  const made = MADE.exec(body);
  const name = made?.slice(1).find((word) => word !== undefined);
  if (made === null || name === undefined || SPAWNS.test(body.replace(made[0], ''))) return undefined;
  const uses = body.match(new RegExp(`\\b${name}\\b`, 'g')) ?? [];
  const takes =
    body.match(
      new RegExp(
        `\\b${name}\\.(?:lock|acquire|Lock|RLock|runExclusive|withLock|synchronize|Wait|WaitAsync|unlock|release|Unlock|RUnlock|Release|write|read)\\b|\\bwith\\s{1,3}${name}\\s{0,3}:|\\b(?:synchronized|lock)\\s{0,3}\\(\\s{0,3}${name}\\s{0,3}\\)|\\b(?:lock_guard|unique_lock|scoped_lock)\\b[^;\\n]{0,60}[({]\\s{0,3}${name}\\s{0,3}[)}]`,
        'g',
      ),
    ) ?? [];
  if (takes.length === 0 || takes.length !== uses.length - 1) return undefined;
  const behind = body.slice(made.index + made[0].length);
  // An inner function may be called by many.
  if (/=>|\bfunc\b|\bfunction\b|\blambda\b|->|\bdef\b|\|/.test(behind.slice(0, behind.indexOf(takes[0] ?? ''))))
    return undefined;
  const at = lines[from + made.index + made[0].length - 1] ?? 1;
  return { line: at, to: at, ...ANEW, isNote: false };
}
