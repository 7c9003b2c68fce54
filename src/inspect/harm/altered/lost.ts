/**
 * Finds protections that a change removes while the protected code remains: middleware, decorators, escaping, signature
 * checks. A protection that is removed together with its function, or moved, is not reported. Pure.
 */
import { countRowsWith } from '../../rows-with';
import type { RowCount } from '../../rows-with';
import type { Harm } from '../rule';
import { createReplacements } from './heirs';
import { removedRow, rowsAround, alteredRow } from './hunk';
import type { Altered, Hunk, Row } from './hunk';

interface Protection extends Pick<Harm, 'does' | 'why'> {
  /** Matches the protection in a row. */
  word: RegExp;
  /** The protection is a call around a value, and the value remains. */
  isAround?: true;
}

const PROTECTIONS: readonly Protection[] = [
  {
    does: 'takes away a check of who may do this',
    why: 'everybody can use the code that it guarded',
    word: /(?<![\w$.])@(?:login_required|permission_required|user_passes_test|staff_member_required|permission_classes|authentication_classes|jwt_required|auth_required|roles?_(?:required|accepted)|requires_(?:auth|login|roles?|permissions?)|token_required|admin_required|PreAuthorize|PostAuthorize|Secured|RolesAllowed|DenyAll|UseGuards|Roles|Auth(?:orized|enticated)?|RequirePermissions?|Authorize)\b|\[Authorize\b|\b(?:require|ensure|check|assert|verify|enforce|must|is|has|needs?|with|validate)_?-?(?:be_?)?(?:auth(?:n|z|ed|enticated|entication|orized|orization)?|log(?:ged)?_?in|login|user|admin|owner(?:ship)?|roles?|permissions?|access|session|token|jwt|scopes?|api_?key)(?:s|_?middleware|_?auth)?\b(?!\s{0,3}=[^=>])|\bpassport\.authenticate\(|\b(?:auth|jwt|session|admin|permission|authenticate)_?(?:middleware|guard|required|only)\b|\bbefore_action\s{1,3}:(?:auth|require|check|ensure|verify)\w*|\bauthenticate(?:_user!?|User)?\b\s{0,3}(?=[,()]|$)|\bauthoriz(?:e|eRequest|eUser|e_user)!?\s{0,3}(?=[( ,])|\b(?:IsAuthenticated|IsAdminUser|LoginRequiredMixin|PermissionRequiredMixin|UserPassesTestMixin)\b|\bDepends\(\s{0,3}(?:get_current_\w{1,30}|require_\w{1,30}|verify_\w{1,30})|\bmiddleware\(\s{0,3}\[?'?auth\w{0,12}'?|\.RequireAuthorization\(|\bUseAuth(?:entication|orization)\(|\.(?:fully)?authenticated\(\)|\bhasRole\(|\bhasAuthority\(|\bcan\?\s/i,
  },
  {
    does: 'takes away a protection of all answers',
    why: 'other sites can frame pages, forge requests or send too many',
    word: /\bhelmet(?:\.\w{1,30})?\(|\b(?:csrf|csurf|lusca|xsrf)\w{0,20}\s{0,3}\(|'?csrf\w{0,20}'?\s{0,3}[,)\]]|\bprotect_from_forgery\b|\bCsrf(?:ViewMiddleware|Protect)\b|@csrf_protect\b|\{%\s{0,3}csrf_token|@csrf\b|\bValidateAntiForgeryToken\b|\bUse(?:Hsts|HttpsRedirection|RateLimiter|Antiforgery)\(|\b(?:rateLimit(?:er)?|limiter|slowDown|throttle|Throttle|ThrottlerGuard|rate_limit|limiter\.limit|RateLimit(?:er)?)\b\s{0,3}(?=[(,)])|\bSecurityMiddleware\b|\bXFrameOptionsMiddleware\b|\b(?:Content-Security-Policy|X-Frame-Options|X-Content-Type-Options|Strict-Transport-Security)\b|\bhpp\(\)|\bsecureHeaders\b|\btalisman\b/i,
  },
  {
    does: 'takes away escaping or cleaning of a value',
    why: 'the author of the value can change the page, the path or the query',
    word: /\b(?:escape_?(?:html|xml|string|sql|regexp?|shell|identifier|attr\w{0,9}|js)?|esc_(?:html|attr|url|sql)|html_?(?:escape|special_?chars|entities|encode)|htmlspecialchars|htmlentities|sanitize\w{0,20}|DOMPurify\.sanitize|purify|bleach\.clean|nh3\.clean|clean_html|strip_?tags|encodeURIComponent|encodeForHtml|HtmlEncode|encode_text|EscapeString|QueryEscape|HTMLEscapeString|shlex\.quote|shellescape|escapeshellarg|escapeshellcmd|secure_filename|basename|mysqli_real_escape_string|real_escape_string|quote_?ident(?:ifier)?|filter_var|conditional_escape|markupsafe\.escape|Encode\.forHtml|StringEscapeUtils\.escape\w{1,12}|h)\s{0,3}!?\(/i,
    isAround: true,
  },
  {
    does: 'takes away a check of a signature, a token or a secret',
    why: 'a forged one passes as genuine',
    word: /\b(?:\w{0,30}\.)?(?:verify\w{0,30}|timingSafeEqual|timing_safe_compare|compare_digest|ConstantTimeCompare|hmac\.Equal|constructEvent|construct_event|validate_?(?:signature|token|webhook|request|csrf\w{0,8})|check_?(?:signature|password\w{0,6}|csrf\w{0,8}|token|hmac)|check_password_hash|password_verify|hash_equals|MessageDigest\.isEqual|FixedTimeEquals|secure_compare|CompareHashAndPassword|checkpw)\s{0,3}!?\(/i,
  },
  {
    does: 'takes away a check of input',
    why: 'the program trusts input that nothing checks',
    word: /\b\w{0,30}(?:schema|validator)\.(?:parse|safeParse|parseAsync|validate\w{0,6})\(|\bvalidat(?:e|or)(?:Body|Input|Request|Params|Query|Payload|_?input|_?request|_?payload)?\s{0,3}\(|@Valid(?:ated)?\b|\[ValidateNever|\bModelState\.IsValid\b|\bisinstance\(|\bfull_clean\(\)|\bis_valid\(\)|\bbinding:'required|\bassertValid\w{0,20}\(|\bis_?Safe\w{0,20}\(|\bis_?within\w{0,20}\(|\bis_relative_to\(|\bstartsWith\(\s{0,3}(?:root|base|dir)\w{0,12}/i,
  },
  {
    does: 'takes away a lock or a transaction',
    why: 'two calls at the same time overwrite each other, or a failure leaves half of the work',
    word: /\.(?:R?Lock|lock|lock_guard|acquire|BeginTx?|begin_?transaction|startTransaction|runInTransaction|transaction|atomic)\s{0,3}\(|\bsynchronized\b|\bwith\s{1,3}(?:\w{1,30}\.)?_?\w{0,20}lock\w{0,6}\s{0,3}:|\block\s{0,3}\(|\bunique_lock\b|@(?:transaction\.atomic|Transactional|Synchronized)\b|\batomic\.\w{1,20}\(|\bSELECT\b.{0,160}\bFOR UPDATE\b|\bMutex\b/i,
  },
];

/** Rows that apply a protection to many handlers at once, so that it is not needed at each one. */
const FOR_ALL =
  /\.use\(|\buse\s|before_request|before_action|dependencies\s{0,3}=|\bgroup\(|\bGroup\(|Middleware|MIDDLEWARE|addHook|@Controller|APIRouter\(|router\b.{0,40}\buse|permission_classes|\bclass\s|security|wrap|plug\s|layer\(/i;

export function protectionsLost(file: Altered): Harm[] {
  const protections = PROTECTIONS.map((kind) => ({ kind, whole: wholeOf(file, kind) }));
  const headers = headersOf(file);
  return file.hunks.flatMap((hunk) => protections.flatMap((one) => inHunk(hunk, { ...one, headers }).slice(0, 1)));
}

/** Where the whole file contains a protection; read once for all hunks. */
interface WholeFile {
  /** True if the change adds the protection for all handlers. */
  isForAll: boolean;
  /** By the words of removed protections: the rows before the change that contain them. */
  before: ReadonlyMap<string, RowCount>;
  /** By the words of removed protections: the rows after the change that contain them. */
  after: ReadonlyMap<string, RowCount>;
}

function wholeOf({ before, after, hunks }: Altered, { word }: Protection): WholeFile {
  const lostWords = hunks.flatMap(({ removed }) => removed.flatMap(({ text }) => word.exec(text)?.[0] ?? []));
  if (lostWords.length === 0) return { isForAll: false, before: new Map(), after: new Map() };
  const rowsBefore = new Set(before.map((row) => row.trim()));
  const isForAll = hunks.some(({ added }) =>
    added.some(({ text }) => word.test(text) && FOR_ALL.test(text) && !rowsBefore.has(text.trim())),
  );
  const names = new Set(lostWords);
  const [wordsBefore, wordsAfter] = [before, after].map((rows) =>
    countRowsWith(
      names,
      rows.filter((row) => !IMPORT.test(row)),
    ),
  );
  return { isForAll, before: wordsBefore ?? new Map(), after: wordsAfter ?? new Map() };
}

function inHunk(
  { line, removed, added }: Hunk,
  { kind, whole, headers }: { kind: Protection; whole: WholeFile; headers: Headers },
): Harm[] {
  const lostRows = removed.filter(
    ({ text }) => kind.word.test(text) && !IMPORT.test(text) && kind.word.test(text.replace(DECLARED, '$1')),
  );
  if (lostRows.length === 0 || whole.isForAll) return [];
  const keptRows = added.filter(({ text }) => kind.word.test(text) && !IMPORT.test(text));
  if (lostRows.length <= keptRows.length) return [];
  const replacements = createReplacements(added.filter(({ text }) => !kind.word.test(text)));
  const allMatches = new RegExp(kind.word.source, `g${kind.word.flags}`);
  const isCalled = createCallsNewHelper(added, removed);
  for (const lostRow of lostRows) {
    const replacement = replacements.find(lostRow.text.replace(allMatches, ' '));
    if (replacement !== undefined) return [alteredRow(kind, replacement, lostRow)];
    const isLost = kind.isAround !== true && onlyProtects(lostRow.text, kind) && !isMoved(lostRow, kind, whole);
    if (isLost && headers.protectedCodeRemains({ line, removed, added }, lostRow, isCalled))
      return [removedRow(kind, line, lostRow)];
  }
  return [];
}

const IMPORT =
  /^\s{0,20}(?:import\b|from\s|use\s[\w\\:{]|using\s|#include|(?:const|let|var)\b[^=]{1,80}=\s{0,3}require\()/;
/** The declaration of a function, whose name is no call of the protection. */
const DECLARED = /\b(def|function|func|fn)\s+[\w$]+/;

/** True if the row only protects: a decorator, a call, a condition that refuses. */
function onlyProtects(text: string, { word }: Protection): boolean {
  const bare = text.trim();
  if (/^(?:@|\[|#\[|\{%|@csrf)/.test(bare) || FOR_ALL.test(bare)) return true;
  if (HEADER.test(text)) return false;
  if (/^(?:if|unless|guard|elif|\}?\s?else if|with|synchronized|lock)\b/.test(bare)) return true;
  if (/^(?:'?[\w.]{1,60}'?,?|before_action\b.*|plug\b.*)$/.test(bare)) return word.test(bare);
  return /^(?:await\s|return\s|(?:const|let|var|val)?\s?[\w$., {}[\]:]{1,60}\s?:?=\s?(?:await\s)?)?[\w$.!:]{1,80}\(.*\)[;?]{0,2}$/.test(
    bare,
  );
}

function isMoved(lostRow: Row, { word }: Protection, { before, after }: WholeFile): boolean {
  const [name = ''] = word.exec(lostRow.text) ?? [];
  return (after.get(name)?.count ?? 0) >= (before.get(name)?.count ?? 0);
}

/** The header of a function or class, or the route of a handler; the groups are its name. */
const HEADER =
  /(?:\b(?:def|function|func|fn|class)\s+(?:\([^)]{0,60}\)\s{0,3})?([\w$]{2,60}))|([\w$]{2,60})\s{0,3}(?:=|:)\s{0,3}(?:async\s{0,3})?(?:function\b|\([^()]{0,120}\)[^=;]{0,60}=>)|\.(?:get|post|put|patch|delete|route|use)\(\s{0,3}('[^']{1,80}')|^\s{0,12}(?:(?:public|private|protected|static|final|async|override|suspend)\s{1,3}){1,4}[\w<>[\], ?]{1,60}\s([\w$]{2,60})\s{0,3}\(|^\s{2,8}(?:async\s)?([\w$]{2,60})\([^()]{0,120}\)[^;{]{0,40}\{/;

interface Headers {
  /**
   * True if the code that the row protected still exists: the function below a decorator, else the function around the
   * row.
   */
  protectedCodeRemains(hunk: Hunk, lostRow: Row, isCalledNow: () => boolean): boolean;
}

const NO_HEADER = /^\s{0,40}(?:if|for|while|switch|catch)\b/;
const MAX_ROWS_BELOW = 12;
const MAX_ROWS_ABOVE = 200;

function headersOf({ before, after }: Altered): Headers {
  const isHeader = (row: string): boolean => HEADER.test(row) && !NO_HEADER.test(row);
  let nearest: Int32Array | undefined;
  let headerNames: ReadonlyMap<string, RowCount> | undefined;
  const headerOf = (lostRow: Row, isDecorator: boolean): string | undefined => {
    if (isDecorator) return before.slice(lostRow.line, lostRow.line + MAX_ROWS_BELOW).find(isHeader);
    nearest ??= nearestAbove(before, isHeader);
    const at = nearest[lostRow.line - 1] ?? -1;
    return at >= 0 && at >= lostRow.line - 1 - MAX_ROWS_ABOVE ? before[at] : undefined;
  };
  return {
    protectedCodeRemains({ removed, added }, lostRow, isCalledNow) {
      const isDecorator = /^\s{0,40}(?:@|\[|#\[)/.test(lostRow.text);
      const header = headerOf(lostRow, isDecorator);
      const name = header === undefined ? undefined : nameOfHeader(header);
      if (name === undefined) return true;
      headerNames ??= countRowsWith(
        new Set(before.flatMap((row) => (isHeader(row) ? (nameOfHeader(row) ?? []) : []))),
        after.filter((row) => HEADER.test(row)),
      );
      // In a body that is mostly rewritten, other rows may protect it.
      const isRewritten = !isDecorator && removed.length > 8 && added.length > removed.length * 2;
      return headerNames.has(name) && !isRewritten && !isCalledNow() && rowsAround(after, lostRow.line).length > 0;
    },
  };
}

function nameOfHeader(header: string): string | undefined {
  return HEADER.exec(header)
    ?.slice(1)
    .find((one) => one !== undefined);
}

/** Returns for each row the index of the nearest header above; -1 if there is none. */
function nearestAbove(rows: readonly string[], isHeader: (row: string) => boolean): Int32Array {
  const found = new Int32Array(rows.length + 1).fill(-1);
  rows.forEach((row, at) => {
    found[at + 1] = isHeader(row) ? at : (found[at] ?? -1);
  });
  return found;
}

const HELPER =
  /\b([\w$]{0,40}(?:auth|guard|allow|permit|protect|secure|check|valid|verif|require|ensure|assert)\w{0,40})\s{0,3}\(/gi;

/**
 * Returns a function that is true if an added row calls a helper that no removed row called: it may contain the check.
 * Computed on the first call.
 */
function createCallsNewHelper(added: readonly Row[], removed: readonly Row[]): () => boolean {
  let isCalled: boolean | undefined;
  return () => {
    if (isCalled !== undefined) return isCalled;
    const names = new Set(added.flatMap(({ text }) => [...text.matchAll(HELPER)].map(([, name = '']) => name)));
    const known = countRowsWith(
      names,
      removed.map(({ text }) => text),
    );
    return (isCalled = [...names].some((name) => !known.has(name)));
  };
}
