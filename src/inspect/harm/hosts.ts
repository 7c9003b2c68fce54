/**
 * Finds the hosts that a source or a page names, and whether a call uses them. The caller decides which of them are
 * new. Pure.
 */
import type { CodeView, Syntax } from '../asks/code-view';
import { matchesOf } from './rule';

export interface NamedHost {
  line: number;
  to: number;
  host: string;
  /** What the line does with the host; null if it only names it. */
  does: string | null;
}

/** The start of a call, or an assignment, that sends or fetches. */
const CALLS =
  /\b(?:fetch|axios|got|ky|superagent|request|needle|ofetch|\$fetch|sendBeacon|importScripts|XMLHttpRequest|EventSource|WebSocket|urlopen|urlretrieve|create_connection|createConnection|HTTPHandler|HTTPSHandler|SysLogHandler|SocketHandler|DatagramHandler|SMTPHandler|SMTP|SMTP_SSL|FTP|HTTPConnection|HTTPSConnection|ClientSession|NewRequest|NewRequestWithContext|Dial|DialTimeout|DialTLS|HttpRequest|HttpPost|HttpGet|RestTemplate|WebClient|file_get_contents|fopen|curl_init|fsockopen|createTransport|sentry_init)\s{0,3}(?:<[^<>\n]{0,60}>)?\s{0,3}\(|\b(?:requests|httpx|aiohttp|http|https|net|tls|dgram|axios|got|ky|superagent|needle|reqwest|ureq|session|client|urllib3?|smtplib|socket|Net::HTTP|HTTParty|RestClient|Faraday|Http|HttpClient|sentry_sdk|Sentry|posthog|amqp|redis|mqtt|conn|sock|s)\.(?:\w{1,30}\.)?(?:get|post|put|patch|delete|head|request|send|sendto|connect|create|Get|Post|PostForm|Head|GetAsync|PostAsync|PutAsync|SendAsync|GetStringAsync|init|post_form|start|open|new|blocking)\s{0,3}\(|\breqwest::(?:blocking::)?(?:get|Client)\b|\bTcpStream::connect\(|\bnew\s{1,9}(?:URL|Socket|InetSocketAddress)\([^;\n]{0,200}\.open|\bnew\s{1,9}Socket\(|\bopenConnection\(|\bopenStream\(|\bURI\.(?:open|create)\s{0,3}\(|\.open\(\s{0,9}'(?:GET|POST|PUT|PATCH|DELETE)'|\.(?:src|action|href)\s{0,9}=(?!=)/;
const ADDRESS =
  /\b(?:https?|wss?|ftp|tcp|udp|smtps?|amqps?|mqtts?):\/\/(?:[^\s'"@/<>]{1,80}@)?([A-Za-z0-9.-]{1,200}\.[A-Za-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})(?=[:/'"\s?#<)\\]|$)/g;
/** `//host/path` has the scheme of the page. */
const WITHOUT_SCHEME = /(?<=['(])\/\/([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24})(?=[:/'?#)])/g;
/** A bare host name counts only as an argument of a call. */
const BARE_HOST = /^([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,4}\.[a-z]{2,24})(?::\d{1,5})?$/i;
/** Hosts that are not reported: names of schemas, the machine itself, private networks. */
const UNREPORTED_HOST =
  /^(?:localhost|127\.[\d.]+|0\.0\.0\.0|10\.[\d.]+|192\.168\.[\d.]+|169\.254\.[\d.]+|(?:www\.)?w3\.org|json-schema\.org|(?:www\.)?schema\.org|xmlns\.com|purl\.org|schemas\.[\w.]+|ns\.adobe\.com|\w+\.(?:local|localhost|internal|invalid|test|lan))$/i;
/** Texts that end like a file or a member access, such as `config.json` and `user.name`. They are no hosts. */
const NOT_A_HOST =
  /\.(?:[cm]?[jt]sx?|json|py|html?|css|s[ac]ss|md|txt|log|csv|ya?ml|toml|sql|db|sh|go|rs|java|kt|rb|php|xml|svg|png|jpe?g|gif|ico|pdf|zip|gz|lock|env|ini|cfg|conf|name|id|key|value|length|path|type|data|title|text|error|message|user|status|test|get|set|post|put)$/i;
const MAX_STATEMENT_CHARS = 400;

export function hostsIn(view: CodeView, syntax: Syntax): NamedHost[] {
  const { text, isText, lines } = view;
  if (!/:\/\/|['(]\/\/|'[\w-]+\.[\w.-]+(?::\d+)?'/.test(text)) return [];
  const found: NamedHost[] = [];
  for (const {
    index,
    groups: [host = ''],
    text: address,
  } of [...matchesOf(ADDRESS, text), ...matchesOf(WITHOUT_SCHEME, text)]) {
    if (isText[index] !== true || UNREPORTED_HOST.test(host)) continue;
    const isUsedByCall = isCalled(view, index) || isUsedByName(view, index);
    found.push(
      toNamedHost(lines, { index, length: address.length, host, does: isUsedByCall ? `calls the host ${host}` : null }),
    );
  }
  for (const {
    index,
    groups: [literal = ''],
    text: all,
  } of matchesOf(/'([\w.:-]{4,200})'/g, text)) {
    const [, host = ''] = BARE_HOST.exec(literal) ?? [];
    if (host === '' || isText[index + 1] !== true || UNREPORTED_HOST.test(host) || NOT_A_HOST.test(host)) continue;
    if (isFirstOfCall(text, index))
      found.push(toNamedHost(lines, { index, length: all.length, host, does: `calls the host ${host}` }));
  }
  return syntax === 'script' ? [...found, ...tagsIn(text, (at) => lines[at] ?? 1)] : found;
}

function toNamedHost(
  lines: number[],
  { index, length, host, does }: { index: number; length: number; host: string; does: string | null },
): NamedHost {
  return {
    line: lines[index] ?? 1,
    to: lines[index + length - 1] ?? lines[index] ?? 1,
    host: host.toLowerCase(),
    does,
  };
}

/** True if the statement around the literal calls something. */
function isCalled({ text, isText }: CodeView, index: number): boolean {
  let from = index;
  while (from > 0 && index - from < MAX_STATEMENT_CHARS && !(isText[from] !== true && /[;\n]/.test(text[from] ?? '')))
    from -= 1;
  // The call may begin on a line above.
  const before = text.slice(Math.max(0, from - 160), from);
  const open = /[(,{[]\s*$/.test(before) ? before : '';
  return (
    CALLS.test(codeBetween({ text, isText }, from, index)) ||
    (open !== '' && CALLS.test(open.slice(open.lastIndexOf(';') + 1)))
  );
}

/** Returns the code of a range; of literals only the capital letters remain. */
function codeBetween({ text, isText }: Pick<CodeView, 'text' | 'isText'>, from: number, to: number): string {
  let code = '';
  for (let at = from; at < to; at++)
    code += isText[at] === true && !/[A-Z]/.test(text[at] ?? '') ? '' : (text[at] ?? '');
  return code;
}

/** True if the literal is assigned to a name that a call uses. */
function isUsedByName({ text }: CodeView, index: number): boolean {
  const before = text.slice(Math.max(0, index - 120), index);
  const [, name] =
    /(?:^|[\s;{(,])(\$?[A-Za-z_]\w{2,60})\s{0,9}(?::\s{0,9}[\w&' ]{1,30})?\s{0,9}(?::?=|=>|:)\s{0,9}['rfb]{0,2}'?[^'\n]{0,3}$/.exec(
      before,
    ) ?? [];
  if (name === undefined) return false;
  const uses = matchesOf(new RegExp(`(?<![\\w$])\\$?${name.replace('$', '')}\\b`, 'g'), text);
  return uses.some(({ index: at }) => {
    if (Math.abs(at - index) < 120 && at < index && text.slice(at, index).split('\n').length === 1) return false;
    const start = text.lastIndexOf('\n', at);
    return CALLS.test(text.slice(Math.max(start, at - 200), at));
  });
}

function isFirstOfCall(text: string, index: number): boolean {
  const before = text.slice(Math.max(0, index - 80), index);
  return (
    /\(\s{0,20}(?:\(\s{0,9}|\{\s{0,20}(?:host|hostname)\s{0,3}:\s{0,9}|[\w.]{1,20}\s{0,3},\s{0,9})?$/.test(before) &&
    CALLS.test(before)
  );
}

/** Returns the hosts of all addresses in a document, each once. */
export function hostsNamed(text: string): string[] {
  const hosts = matchesOf(ADDRESS, text).map(({ groups: [host = ''] }) => host.toLowerCase());
  return [...new Set(hosts)].filter((host) => !UNREPORTED_HOST.test(host));
}

const TAG = /<(script|form|iframe|object|embed|base|input|button|img|meta)\b([^>]{0,600})>/gi;

/** Finds the tags of a page that load programs from other hosts or send form data there. */
export function tagsIn(text: string, lineAt: (index: number) => number): NamedHost[] {
  return matchesOf(TAG, text).flatMap(({ index, text: tag, groups: [name = '', attributes = ''] }): NamedHost[] => {
    const [, host] =
      /\b(?:src|action|formaction|href|data|content)\s{0,3}=\s{0,3}(?:\{\s{0,3})?["'`]?(?:\d{1,4};\s{0,3}url=)?(?:https?:)?\/\/([a-z0-9.-]{1,200}\.[a-z]{2,24})/i.exec(
        attributes,
      ) ?? [];
    if (host === undefined || UNREPORTED_HOST.test(host)) return [];
    const place = { line: lineAt(index), to: lineAt(index + tag.length - 1), host: host.toLowerCase() };
    const kind = name.toLowerCase();
    if (kind === 'script')
      return /\bintegrity\s{0,3}=/i.test(attributes)
        ? []
        : [{ ...place, does: `loads a program of ${host} without integrity` }];
    if (/^(?:form|input|button)$/.test(kind)) return [{ ...place, does: `sends what is typed in to ${host}` }];
    if (/^(?:iframe|object|embed|base)$/.test(kind))
      return [{ ...place, does: `shows what comes from ${host} in the page` }];
    return [{ ...place, does: null }];
  });
}
