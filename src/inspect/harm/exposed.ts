/**
 * Rules for data that reaches the wrong readers: the whole environment, hidden copies of messages, connections without
 * a check of the server's certificate, fixed nonces. Also finds code that drops tables when the program starts. Pure.
 */
import type { HarmRule } from './rule';

const ENVIRONMENT = {
  does: 'gives away all variables of its surroundings at once',
  why: 'the variables contain keys and passwords',
} as const;
const HIDDEN_COPY = {
  does: 'sends a copy to a reader that the others do not see',
  why: 'the other readers of the message do not know of this one',
} as const;
const UNVERIFIED_SERVER = {
  does: 'makes a connection that does not check who is at the other end',
  why: 'anybody between the two can read and change what is sent',
} as const;
const DROPS_TABLES = {
  does: 'drops the tables of the database and makes them anew at a start',
  why: 'no earlier release can bring the rows back',
} as const;
/** `process.env` as a value, not one variable of it. */
const WHOLE_ENVIRONMENT = String.raw`\bprocess\.env\b(?!\s{0,3}[.[?!]|\s{0,3}(?:as|satisfies)\s|\s{0,3}=[^=>])`;
/** The start of a call that sends, prints or converts its argument. */
const OUTPUT_CALL = String.raw`(?:JSON\.stringify|(?:res|response|reply|ctx|socket)\.(?:end|send|json|write)|\.(?:write|end|send|log|info|error|warn|debug)|btoa|Buffer\.from|encodeURIComponent|inspect)\(\s{0,3}(?:JSON\.stringify\(\s{0,3})?(?:\{\s{0,3}\.\.\.)?(?:Object\.(?:entries|values|assign)\(\s{0,3}(?:\{\s{0,3}\},?\s{0,3})?)?`;

const SAME_NONCE = {
  does: 'seals with a nonce that is the same each time, or follows from the key',
  why: 'two texts encrypted with one nonce reveal each other',
} as const;
/** The start of a value that is constant, or is computed from other data. */
const FIXED_VALUE = String.raw`(?:'|Buffer\.(?:from|alloc)\(|createHash\(|createHmac\(|hash\w{0,20}\()`;

export const EXPOSED: readonly HarmRule[] = [
  { ...{ ...ENVIRONMENT, in: ['script'] }, pattern: new RegExp(`${OUTPUT_CALL}${WHOLE_ENVIRONMENT}`, 'g') },
  {
    ...{ ...ENVIRONMENT, in: ['script'], inText: true },
    pattern: new RegExp(
      String.raw`(?:'process\.env'|\bprocess\.env|[{,]\s{0,9}'?(?!env\b)[\w$]{1,40}'?)['\]]{0,2}\s{0,3}:\s{0,3}(?:JSON\.stringify\(\s{0,3})?${WHOLE_ENVIRONMENT}(?<!\benv\s{0,3}:\s{0,3}process\.env)`,
      'g',
    ),
  },
  {
    ...{ ...ENVIRONMENT, in: ['python'] },
    pattern:
      /(?:json\.dumps|print|jsonify|\.write|\.send\w{0,8}|str|repr|b64encode|urlencode|Response|HttpResponse|JsonResponse|\.(?:info|debug|warning|error))\(\s{0,3}(?:dict\(|str\(|json\.dumps\(\s{0,3}(?:dict\()?|\{\s{0,3}\*\*)?\s{0,3}os\.environ(?:b)?\b(?!\s{0,3}[.[])/g,
  },
  {
    ...{ ...ENVIRONMENT, in: ['braces', 'rust', 'php', 'ruby'] },
    pattern:
      /\b(?:Fprint\w{0,2}|Print\w{0,2}|Encode|Marshal|Write\w{0,6}|println|format!|println!|json_encode|print_r|var_dump|to_json|puts)!?\([^()\n;]{0,60}(?:os\.Environ\(\)|System\.getenv\(\)|env::vars\(\)|\$_ENV\b(?!\[)|getenv\(\)|ENV\.to_h)/g,
  },
  {
    ...{ ...HIDDEN_COPY, inText: true },
    pattern:
      /\[\s{0,3}'[Bb][Cc][Cc]'\s{0,3}\]\s{0,3}=(?!=)|add_header\(\s{0,3}'[Bb]cc'|(?<![\w.$-])(?:bcc|Bcc|setBcc|addBcc|AddBcc|SetBcc)\s{0,3}(?:[:(]|=(?!=))\s{0,3}\[?\s{0,3}(?:'|[A-Z_]{3,})/g,
  },
  {
    ...{ ...UNVERIFIED_SERVER, in: ['python'], after: 'bandit B504' },
    pattern: /\bssl\.SSLContext\(\s{0,3}(?!(?:ssl\.)?PROTOCOL_TLS_(?:CLIENT|SERVER)\b)|\bssl\.wrap_socket\(/g,
    holds: ({ text }) => !/\bverify_mode\s{0,3}=\s{0,3}(?:ssl\.)?CERT_REQUIRED\b/.test(text),
  },
  {
    ...{ ...SAME_NONCE, in: ['script'] },
    pattern: /\bcreateCipheriv\(\s{0,9}[^,()\n]{1,60},\s{0,9}[^,\n]{1,80},\s{0,9}([^,)\n]{1,80})/g,
    holds: ({ text }, { groups: [nonce = ''] }) => {
      const value = nonce.trim();
      if (new RegExp(`^${FIXED_VALUE}`).test(value)) return true;
      return (
        /^[\w$]+$/.test(value) &&
        new RegExp(`\\b${value.replaceAll('$', '\\$')}\\s{0,3}=\\s{0,3}${FIXED_VALUE}`).test(text)
      );
    },
  },
  {
    ...{ ...DROPS_TABLES, in: ['script'] },
    pattern: /\bdropSchema\s{0,3}:\s{0,3}true\b|\.sync\(\s{0,3}\{[^}]{0,80}\bforce\s{0,3}:\s{0,3}true\b/g,
  },
  {
    ...{ ...DROPS_TABLES, in: ['python', 'ruby'] },
    pattern: /\b(?:metadata|db)\.drop_all\(/g,
  },
];

/** Rules for the unchanged text of settings and scripts. */
export const EXPOSED_IN_SETTINGS: readonly HarmRule[] = [
  {
    ...DROPS_TABLES,
    pattern:
      /\b(?:ddl-auto|hbm2ddl\.auto|HBM2DDL_AUTO|DDL_AUTO)["']?\s{0,3}[=:>]\s{0,3}["']?create(?:-drop)?\b|\bprisma\s{1,3}(?:migrate\s{1,3}reset|db\s{1,3}push\b[^\n]{0,60}--(?:force-reset|accept-data-loss))|\bdb:(?:drop|reset|schema:load)\b|\bmigrate:fresh\b|"(?:dropSchema)"\s{0,3}:\s{0,3}true/g,
  },
];
