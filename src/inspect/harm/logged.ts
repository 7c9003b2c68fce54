/**
 * Rules for secrets and personal data that code writes to logs, the console, files or telemetry without a mask. Words
 * inside text literals do not count. Pure.
 */
import { matchesOf } from './rule';
import type { HarmRule, Match } from './rule';
import type { CodeView } from '../asks/code-view';

/** The start of a call that writes to a log, the console, a file or telemetry. */
const CALLS = String.raw`(?<![\w$])(?:console\.(?:log|info|debug|warn|error|trace|dir|table)|(?:\w{1,30}\.)?_?(?:log(?:ger|ging)?|LOG(?:GER)?|slog|zap|zlog|winston|pino|bunyan|Log|logrus|glog|klog|timber|Timber|log4js|Rails\.logger)\.(?:\w{1,30}\(\)\.)?(?:trace|debug|info|log|warn(?:ing)?|error|exception|critical|fatal|notice|verbose|silly|Trace|Debug|Info|Warn|Error|Fatal|Print|Println|Printf|Debugf|Infof|Warnf|Errorf|Infow|Debugw|LogInformation|LogDebug|LogWarning|LogError|Information|Warning|d|i|w|e|v|child|bind|with|With)|print|println|fmt\.(?:Print(?:ln|f)?|Fprint(?:ln|f)?)|System\.(?:out|err)\.print(?:ln|f)?|Console\.(?:Error\.)?Write(?:Line)?|puts|pp|error_log|var_dump|print_r|syslog|sys\.std(?:out|err)\.write|process\.std(?:out|err)\.write|(?:println|eprintln|print|info|debug|warn|error|trace|dbg)!|tracing::\w{4,5}!|Sentry\.(?:setContext|setExtra|setUser|captureMessage|addBreadcrumb)|sentry_sdk\.(?:set_context|set_extra|capture_message)|(?:analytics|posthog|mixpanel|amplitude|segment|telemetry|metrics)\.(?:track|capture|identify|record|log\w{0,12})|span\.(?:setAttributes?|set_attributes?|SetAttributes)|(?:fs\.)?(?:appendFile|writeFile)(?:Sync)?)\s{0,3}\(`;
/** Names that always hold a secret or personal data. */
const SECRET = String.raw`(?:pass_?word|passwd|pwd|pass_?phrase|client_?secret|secret(?:_?key)?|api_?key|private_?key|signing_?key|access_?token|refresh_?token|id_?token|auth_?token|bearer_?token|session_?token|reset_?token|api_?token|credentials?|authorization|auth_?header|cvv2?|cvc2?|card_?(?:number|no|num)|credit_?card|ssn|social_?security(?:_?number)?|iban|otp(?:_?code)?|mnemonic|seed_?phrase)`;
/** Names that hold a secret in some programs only; `SECRET_IF_ABOUT` decides in which. */
const POSSIBLE_SECRET = String.raw`(?:token|jwt|card|pan|payment_?method|headers|cookies|body|buyer|customer|payer|card_?holder|patient|applicant)`;
const SECRET_IF_ABOUT: ReadonlyArray<readonly [name: RegExp, about: RegExp, unless: RegExp | undefined]> = [
  [
    /^(?:token|jwt)$/i,
    /\b(?:jwt|bearer|authorization|session|log_?in|sign_?in|auth\w{0,12}|password|reset\w{0,12}|invite)\b/i,
    /lexer|tokeni[sz]e|parser|\bast\b/i,
  ],
  [
    /^(?:card|pan|payment_?method)$/i,
    /\b(?:cvv|cvc|charge\w{0,6}|payments?|pay|checkout|stripe|card_?number|cardNumber|expiry)\b/i,
    undefined,
  ],
  [
    /^(?:buyer|customer|payer|card_?holder|patient|applicant)$/i,
    /\b(?:cards?|pay\w{0,6}|paid|sales?|checkout|birth\w{0,6}|address|diagnos\w{0,6})\b/i,
    undefined,
  ],
  [/^(?:headers|cookies)$/i, /\b(?:req|request|ctx|event)\b/, undefined],
  [/^body$/i, /password|cvv|cvc|card|secret|token/i, undefined],
];
/** What may precede the name, such as `user.` or `get`. */
const BEFORE = String.raw`(?<![\w$'"])\$?(?:[\w$]{1,40}(?:\(\))?(?:\.|\?\.|->|::|!\.|&)){0,5}(?:get|Get)?(?:(?:user|new|old|plain|raw|current|admin|customer)_?)?`;
/** After the name there is no sign that the value is only compared, called or read in part. */
const AFTER = String.raw`(?:\(\))?\]?(?![\w$])(?!\s{0,3}(?:\?(?![.?])|[=!]==?|[:=](?!=)|\.|\(|\[|&&|\|\|\s{0,3}'|\bis\b|\bin\b|->|!=|>|<))`;
const NAME = new RegExp(`${BEFORE}(${SECRET}|${POSSIBLE_SECRET})${AFTER}`, 'gi');
/** Words near a value that show that it is hidden, or only measured. */
const MASKS =
  /mask|redact|hash|scrub|sanitiz|censor|obfuscat|typeof|Boolean\(|\bbool\(|!!|\blen\(|has[A-Z_]|omit|without|hidden|last_?4|\bcount|sizeof|isset|defined|nil\?|present\?|empty\(|keys\(|encrypt|fingerprint/i;
const CREATES_SECRET =
  /(?:generat\w{0,4}|make|create|new|random)_?(?:password|passphrase|secret|token|(?:api_?)?key|mnemonic)/i;
const MAX_ARGUMENT_CHARS = 500;

export const LOGGED: readonly HarmRule[] = [
  {
    does: 'writes a secret or personal data out as it is',
    why: 'who reads logs, files or telemetry has it',
    pattern: new RegExp(CALLS, 'g'),
    hasPlainQuotes: true,
    holds: writesSecret,
  },
];

function writesSecret(view: CodeView, { index, text: call }: Match): boolean {
  const from = index + call.length;
  const { args, literalText } = argumentsOf(view, from);
  // A program may store secrets in files that are no logs, and print a secret that it has created for its user.
  if (/File/.test(call) && !/\blog|\.log\b/i.test(literalText)) return false;
  if (
    /^(?:console\.log|print|fmt\.P|puts|System\.out|Console|process\.stdout)/.test(call) &&
    CREATES_SECRET.test(view.text)
  )
    return false;
  return matchesOf(NAME, args).some(({ index: at, text, groups: [name = ''] }) => {
    const around = args.slice(Math.max(0, at - 40), at + text.length);
    return !MASKS.test(around) && isSecret(name, text, view.text);
  });
}

function isSecret(name: string, expression: string, source: string): boolean {
  const condition = SECRET_IF_ABOUT.find(([names]) => names.test(name));
  if (condition === undefined) return true;
  const [, about, unless] = condition;
  const isOfRequest = !/^(?:headers|cookies|body)$/i.test(name) || /\b(?:req|request|ctx|event)\b/.test(expression);
  return isOfRequest && about.test(source) && unless?.test(source) !== true;
}

/** Returns the arguments up to the closing bracket with their literals blanked, and the text of the literals. */
function argumentsOf({ text, isText }: CodeView, from: number): { args: string; literalText: string } {
  let depth = 1;
  let args = '';
  let literalText = '';
  for (let at = from; at < Math.min(text.length, from + MAX_ARGUMENT_CHARS); at += 1) {
    const sign = text[at] ?? '';
    if (isText[at] === true) {
      literalText += sign;
      args += sign === '\n' ? sign : ' ';
      continue;
    }
    if (sign === '(') depth += 1;
    else if (sign === ')') depth -= 1;
    if (depth === 0) break;
    args += sign;
  }
  return { args: args.replace(/'/g, ' '), literalText };
}
