/**
 * Protections that a change takes away while what they protected stays: middleware, decorators, escaping, checks of signatures.
 * A protection that went with its function, or that stands in another place now, is none of them. Pure.
 */
import { rowsWith } from '../../rows-with';
import type { Standing } from '../../rows-with';
import type { Harm } from '../rule';
import { createHeirs } from './heirs';
import { goneAt, near, worse } from './hunk';
import type { Altered, Hunk, Row } from './hunk';

interface Protection extends Pick<Harm, 'does' | 'why'> {
  word: RegExp;
  /** Stands around a value, which stays. */
  isAround?: true;
}

const PROTECTIONS: readonly Protection[] = [
  {
    does: 'takes a check of who may do this away',
    why: 'what it guarded answers everybody',
    word: /(?<![\w$.])@(?:login_required|permission_required|user_passes_test|staff_member_required|permission_classes|authentication_classes|jwt_required|auth_required|roles?_(?:required|accepted)|requires_(?:auth|login|roles?|permissions?)|token_required|admin_required|PreAuthorize|PostAuthorize|Secured|RolesAllowed|DenyAll|UseGuards|Roles|Auth(?:orized|enticated)?|RequirePermissions?|Authorize)\b|\[Authorize\b|\b(?:require|ensure|check|assert|verify|enforce|must|is|has|needs?|with|validate)_?-?(?:be_?)?(?:auth(?:n|z|ed|enticated|entication|orized|orization)?|log(?:ged)?_?in|login|user|admin|owner(?:ship)?|roles?|permissions?|access|session|token|jwt|scopes?|api_?key)(?:s|_?middleware|_?auth)?\b(?!\s{0,3}=[^=>])|\bpassport\.authenticate\(|\b(?:auth|jwt|session|admin|permission|authenticate)_?(?:middleware|guard|required|only)\b|\bbefore_action\s{1,3}:(?:auth|require|check|ensure|verify)\w*|\bauthenticate(?:_user!?|User)?\b\s{0,3}(?=[,()]|$)|\bauthoriz(?:e|eRequest|eUser|e_user)!?\s{0,3}(?=[( ,])|\b(?:IsAuthenticated|IsAdminUser|LoginRequiredMixin|PermissionRequiredMixin|UserPassesTestMixin)\b|\bDepends\(\s{0,3}(?:get_current_\w{1,30}|require_\w{1,30}|verify_\w{1,30})|\bmiddleware\(\s{0,3}\[?'?auth\w{0,12}'?|\.RequireAuthorization\(|\bUseAuth(?:entication|orization)\(|\.(?:fully)?authenticated\(\)|\bhasRole\(|\bhasAuthority\(|\bcan\?\s/i,
  },
  {
    does: 'takes a protection of all answers away',
    why: 'pages can be framed, forged or flooded',
    word: /\bhelmet(?:\.\w{1,30})?\(|\b(?:csrf|csurf|lusca|xsrf)\w{0,20}\s{0,3}\(|'?csrf\w{0,20}'?\s{0,3}[,)\]]|\bprotect_from_forgery\b|\bCsrf(?:ViewMiddleware|Protect)\b|@csrf_protect\b|\{%\s{0,3}csrf_token|@csrf\b|\bValidateAntiForgeryToken\b|\bUse(?:Hsts|HttpsRedirection|RateLimiter|Antiforgery)\(|\b(?:rateLimit(?:er)?|limiter|slowDown|throttle|Throttle|ThrottlerGuard|rate_limit|limiter\.limit|RateLimit(?:er)?)\b\s{0,3}(?=[(,)])|\bSecurityMiddleware\b|\bXFrameOptionsMiddleware\b|\b(?:Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security)\b|\bhpp\(\)|\bsecureHeaders\b|\btalisman\b/i,
  },
  {
    does: 'takes escaping or cleaning of a value away',
    why: 'who writes the value writes into the page, the path or the query',
    word: /\b(?:escape_?(?:html|xml|string|sql|regexp?|shell|identifier|attr\w{0,9}|js)?|esc_(?:html|attr|url|sql)|html_?(?:escape|special_?chars|entities|encode)|htmlspecialchars|htmlentities|sanitize\w{0,20}|DOMPurify\.sanitize|purify|bleach\.clean|nh3\.clean|clean_html|strip_?tags|encodeURIComponent|encodeForHtml|HtmlEncode|encode_text|EscapeString|QueryEscape|HTMLEscapeString|shlex\.quote|shellescape|escapeshellarg|escapeshellcmd|secure_filename|basename|mysqli_real_escape_string|real_escape_string|quote_?ident(?:ifier)?|filter_var|conditional_escape|markupsafe\.escape|Encode\.forHtml|StringEscapeUtils\.escape\w{1,12}|h)\s{0,3}!?\(/i,
    isAround: true,
  },
  {
    does: 'takes a check of a signature, a token or a secret away',
    why: 'what is forged passes as genuine',
    word: /\b(?:\w{0,30}\.)?(?:verify\w{0,30}|timingSafeEqual|timing_safe_compare|compare_digest|ConstantTimeCompare|hmac\.Equal|constructEvent|construct_event|validate_?(?:signature|token|webhook|request|csrf\w{0,8})|check_?(?:signature|password\w{0,6}|csrf\w{0,8}|token|hmac)|check_password_hash|password_verify|hash_equals|MessageDigest\.isEqual|FixedTimeEquals|secure_compare|CompareHashAndPassword|checkpw)\s{0,3}!?\(/i,
  },
  {
    does: 'takes a check of what comes in away',
    why: 'what is not checked is believed',
    word: /\b\w{0,30}(?:schema|validator)\.(?:parse|safeParse|parseAsync|validate\w{0,6})\(|\bvalidat(?:e|or)(?:Body|Input|Request|Params|Query|Payload|_?input|_?request|_?payload)?\s{0,3}\(|@Valid(?:ated)?\b|\[ValidateNever|\bModelState\.IsValid\b|\bisinstance\(|\bfull_clean\(\)|\bis_valid\(\)|\bbinding:'required|\bassertValid\w{0,20}\(|\bis_?Safe\w{0,20}\(|\bis_?within\w{0,20}\(|\bis_relative_to\(|\bstartsWith\(\s{0,3}(?:root|base|dir)\w{0,12}/i,
  },
  {
    does: 'takes a lock or a transaction away',
    why: 'two at once overwrite each other, or half of the work stays',
    word: /\.(?:R?Lock|lock|lock_guard|acquire|BeginTx?|begin_?transaction|startTransaction|runInTransaction|transaction|atomic)\s{0,3}\(|\bsynchronized\b|\bwith\s{1,3}(?:\w{1,30}\.)?_?\w{0,20}lock\w{0,6}\s{0,3}:|\block\s{0,3}\(|\bunique_lock\b|@(?:transaction\.atomic|Transactional|Synchronized)\b|\batomic\.\w{1,20}\(|\bSELECT\b.{0,160}\bFOR UPDATE\b|\bMutex\b/i,
  },
];

/** What holds for many things at once, so that it need not stand at each. */
const FOR_ALL =
  /\.use\(|\buse\s|before_request|before_action|dependencies\s{0,3}=|\bgroup\(|\bGroup\(|Middleware|MIDDLEWARE|addHook|@Controller|APIRouter\(|router\b.{0,40}\buse|permission_classes|\bclass\s|security|wrap|plug\s|layer\(/i;

export function protectionsLost(file: Altered): Harm[] {
  const all = PROTECTIONS.map((kind) => ({ kind, whole: wholeOf(file, kind) }));
  const headers = headersOf(file);
  return file.hunks.flatMap((hunk) => all.flatMap((one) => inHunk(hunk, { ...one, headers }).slice(0, 1)));
}

/** What the whole file says of a protection, read once for all hunks. */
interface WholeFile {
  /** The change puts the protection where it holds for all. */
  isForAll: boolean;
  /** By the words of a protection that gone rows have: the rows before and after that have them. */
  before: ReadonlyMap<string, Standing>;
  after: ReadonlyMap<string, Standing>;
}

function wholeOf({ before, after, hunks }: Altered, { word }: Protection): WholeFile {
  const lost = hunks.flatMap(({ removed }) => removed.flatMap(({ text }) => word.exec(text)?.[0] ?? []));
  if (lost.length === 0) return { isForAll: false, before: new Map(), after: new Map() };
  const had = new Set(before.map((row) => row.trim()));
  const isForAll = hunks.some(({ added }) =>
    added.some(({ text }) => word.test(text) && FOR_ALL.test(text) && !had.has(text.trim())),
  );
  const names = new Set(lost);
  const [was, now] = [before, after].map((rows) =>
    rowsWith(
      names,
      rows.filter((row) => !IMPORT.test(row)),
    ),
  );
  return { isForAll, before: was ?? new Map(), after: now ?? new Map() };
}

function inHunk(
  { line, removed, added }: Hunk,
  { kind, whole, headers }: { kind: Protection; whole: WholeFile; headers: Headers },
): Harm[] {
  const gone = removed.filter(
    ({ text }) => kind.word.test(text) && !IMPORT.test(text) && kind.word.test(text.replace(DECLARED, '$1')),
  );
  if (gone.length === 0 || whole.isForAll) return [];
  const kept = added.filter(({ text }) => kind.word.test(text) && !IMPORT.test(text));
  if (gone.length <= kept.length) return [];
  const heirs = createHeirs(added.filter(({ text }) => !kind.word.test(text)));
  const every = new RegExp(kind.word.source, `g${kind.word.flags}`);
  const isCalled = calledNow(added, removed);
  for (const was of gone) {
    const heir = heirs.of(was.text.replace(every, ' '));
    if (heir !== undefined) return [worse(kind, heir, was)];
    const isGone = kind.isAround !== true && isAlone(was.text, kind) && !isMoved(was, kind, whole);
    if (isGone && headers.stay({ line, removed, added }, was, isCalled)) return [goneAt(kind, line, was)];
  }
  return [];
}

const IMPORT =
  /^\s{0,20}(?:import\b|from\s|use\s[\w\\:{]|using\s|#include|(?:const|let|var)\b[^=]{1,80}=\s{0,3}require\()/;
const DECLARED = /\b(def|function|func|fn)\s+[\w$]+/;

/** The row does nothing else: a decorator, a call, a condition that refuses. */
function isAlone(text: string, { word }: Protection): boolean {
  const bare = text.trim();
  if (/^(?:@|\[|#\[|\{%|@csrf)/.test(bare) || FOR_ALL.test(bare)) return true;
  if (HEADER.test(text)) return false;
  if (/^(?:if|unless|guard|elif|\}?\s?else if|with|synchronized|lock)\b/.test(bare)) return true;
  if (/^(?:'?[\w.]{1,60}'?,?|before_action\b.*|plug\b.*)$/.test(bare)) return word.test(bare);
  return /^(?:await\s|return\s|(?:const|let|var|val)?\s?[\w$., {}[\]:]{1,60}\s?:?=\s?(?:await\s)?)?[\w$.!:]{1,80}\(.*\)[;?]{0,2}$/.test(
    bare,
  );
}

function isMoved(was: Row, { word }: Protection, { before, after }: WholeFile): boolean {
  const [name = ''] = word.exec(was.text) ?? [];
  return (after.get(name)?.count ?? 0) >= (before.get(name)?.count ?? 0);
}

const HEADER =
  /(?:\b(?:def|function|func|fn|class)\s+(?:\([^)]{0,60}\)\s{0,3})?([\w$]{2,60}))|([\w$]{2,60})\s{0,3}(?:=|:)\s{0,3}(?:async\s{0,3})?(?:function\b|\([^()]{0,120}\)[^=;]{0,60}=>)|\.(?:get|post|put|patch|delete|route|use)\(\s{0,3}('[^']{1,80}')|^\s{0,12}(?:(?:public|private|protected|static|final|async|override|suspend)\s{1,3}){1,4}[\w<>[\], ?]{1,60}\s([\w$]{2,60})\s{0,3}\(|^\s{2,8}(?:async\s)?([\w$]{2,60})\([^()]{0,120}\)[^;{]{0,40}\{/;

interface Headers {
  /** What the row guarded is still there: the header below a decorator, else the one above. */
  stay(hunk: Hunk, was: Row, isCalledNow: () => boolean): boolean;
}

const NO_HEADER = /^\s{0,40}(?:if|for|while|switch|catch)\b/;
const BELOW_ROWS = 12;
const ABOVE_ROWS = 200;

function headersOf({ before, after }: Altered): Headers {
  const isHeader = (row: string): boolean => HEADER.test(row) && !NO_HEADER.test(row);
  let nearest: Int32Array | undefined;
  let standing: ReadonlyMap<string, Standing> | undefined;
  const headerOf = (was: Row, isDecorator: boolean): string | undefined => {
    if (isDecorator) return before.slice(was.line, was.line + BELOW_ROWS).find(isHeader);
    nearest ??= nearestAbove(before, isHeader);
    const at = nearest[was.line - 1] ?? -1;
    return at >= 0 && at >= was.line - 1 - ABOVE_ROWS ? before[at] : undefined;
  };
  return {
    stay({ removed, added }, was, isCalledNow) {
      const isDecorator = /^\s{0,40}(?:@|\[|#\[)/.test(was.text);
      const header = headerOf(was, isDecorator);
      const name = header === undefined ? undefined : namedBy(header);
      if (name === undefined) return true;
      standing ??= rowsWith(
        new Set(before.flatMap((row) => (isHeader(row) ? (namedBy(row) ?? []) : []))),
        after.filter((row) => HEADER.test(row)),
      );
      // Where most of a body was written anew, other rows may do the same.
      const isRewritten = !isDecorator && removed.length > 8 && added.length > removed.length * 2;
      return standing.has(name) && !isRewritten && !isCalledNow() && near(after, was.line).length > 0;
    },
  };
}

function namedBy(header: string): string | undefined {
  return HEADER.exec(header)
    ?.slice(1)
    .find((one) => one !== undefined);
}

/** For each row the index of the nearest header above it; -1 where there is none. */
function nearestAbove(rows: readonly string[], isHeader: (row: string) => boolean): Int32Array {
  const found = new Int32Array(rows.length + 1).fill(-1);
  rows.forEach((row, at) => {
    found[at + 1] = isHeader(row) ? at : (found[at] ?? -1);
  });
  return found;
}

const HELPER =
  /\b([\w$]{0,40}(?:auth|guard|allow|permit|protect|secure|check|valid|verif|require|ensure|assert)\w{0,40})\s{0,3}\(/gi;

/** A helper that the added rows call now and did not call before may hold the check. Told when it is first asked. */
function calledNow(added: readonly Row[], removed: readonly Row[]): () => boolean {
  let isCalled: boolean | undefined;
  return () => {
    if (isCalled !== undefined) return isCalled;
    const names = new Set(added.flatMap(({ text }) => [...text.matchAll(HELPER)].map(([, name = '']) => name)));
    const known = rowsWith(
      names,
      removed.map(({ text }) => text),
    );
    return (isCalled = [...names].some((name) => !known.has(name)));
  };
}
