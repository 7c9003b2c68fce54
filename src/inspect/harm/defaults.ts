/**
 * Finds secrets in the source that code uses if none is configured. Everybody who reads the source knows them, and no
 * test shows that a server runs with such a default. Pure.
 */
import { literal } from '../../domain/literal';
import type { CodeView } from '../asks/code-view';
import type { HarmRule, Match } from './rule';

const DEFAULT_SECRET = {
  does: 'takes a secret from the source where none is set',
  why: 'everybody who reads the source gets in if the setting is missing; stop with an error instead',
} as const;
/** Names that end with a word for a secret; `secretPath` or `tokenLifetime` do not match. */
const NAME = String.raw`(?:[\w.:-]{0,60}?(?:[pP]ass(?:[wW]ord|[wW]d|[pP]hrase|[cC]ode)?|PASS(?:WORD|WD|PHRASE|CODE)?|[pP]wd|PWD|[sS]ecret|SECRET|[tT]oken|TOKEN|[cC]redentials?|CREDENTIALS?|(?:[aA]pi|[sS]ecret|[pP]rivate|[sS]igning|[eE]ncryption|[jJ]wt|[aA]ccess|[aA]uth|[hH]mac|[mM]aster|[sS]ession|[lL]icen[cs]e)[_.-]?[kK]ey|(?:API|SECRET|PRIVATE|SIGNING|ENCRYPTION|JWT|ACCESS|AUTH|HMAC|MASTER|SESSION)[_-]?KEY)|(?:[\w.:-]{0,60}(?:[_.:-]|(?<=[a-z])(?=P)))?(?:PIN|[pP]in)(?:[_-]?(?:CODE|[cC]ode))?)`;
/** A literal that is neither empty nor a placeholder, an address or a path. */
const VALUE = String.raw`'(?!(?:none|null|nil|undefined|unknown|missing|unset|not[ _-]set|n\/a|anonymous|eof|redacted|public|x{3,}|\*+|<[^']{0,40}>|\W{0,6})'|https?:|\/|\.{1,2}\/|\$\{?|%)[^'\n]{1,200}'`;
/** A call that converts the literal, such as `.to_string()`. */
const CONVERSION = String.raw`(?:\s{0,3}\.(?:to_string|to_owned|into|toString|encode|getBytes)\(\)|\s{0,3}\.into\b)?`;
/** An operator for a default, such as `??`, with the literal. */
const FALLBACK = String.raw`\s{0,9}(?:\?\?=?|\|\|=?|\?:|\bor\b)\s{0,9}(?:String(?:::from)?\()?[bru]?${VALUE}${CONVERSION}`;
/** Names of objects that hold settings. */
const SETTINGS = String.raw`(?:env|ENV|config|conf|cfg|settings|opts|options|props|properties|Configuration|_config|appsettings)`;

function rule(pattern: string, more: Partial<HarmRule> = {}): HarmRule {
  return { ...DEFAULT_SECRET, pattern: new RegExp(pattern, 'g'), holds: isUsedAsSecret, ...more };
}

export const DEFAULTS: readonly HarmRule[] = [
  rule(
    String.raw`\b(?:process\.|import\.meta\.|Bun\.|Deno\.)?${SETTINGS}\??\.(?:[\w$]{1,30}\??\.){0,3}${NAME}\b!?\)?${FALLBACK}`,
  ),
  rule(
    String.raw`(?:\b(?:process\.|import\.meta\.)?${SETTINGS}|\$_(?:ENV|SERVER))\??\.?\[\s{0,3}'${NAME}'\s{0,3}\]!?\)?${FALLBACK}`,
  ),
  rule(
    String.raw`\b(?:os\.)?(?:getenv|Getenv|environ\.get|env|GetEnvironmentVariable|getProperty|getEnv|env::var|var|get|fetch|dig|requireEnv|Deno\.env\.get)\(\s{0,3}'${NAME}'\s{0,3}\)!?\)?${FALLBACK}`,
  ),
  rule(
    String.raw`\b(?:${SETTINGS}|environ|System|os|Deno\.env|properties|prefs)\??(?:\.|::|->)(?:get|getenv|fetch|getProperty|getString|getOrDefault|get_or|value|GetValue<string>|getOrElse)\(\s{0,3}'${NAME}'\s{0,3},\s{0,3}(?:(?:default|fallback|defaultValue)\s{0,3}[=:]\s{0,3})?[bru]?${VALUE}\s{0,3}[,)]`,
  ),
  rule(
    String.raw`(?<![\w$>])(?:getenv|Getenv|get_?[eE]nv(?:Or(?:Default)?|_or(?:_default)?)?|env(?:Or|_or|Or[dD]efault|String|str)?|config|GetEnv(?:OrDefault|Or)?|getProperty|viper\.SetDefault|flag\.String|getOrDefault|Env\.get)\(\s{0,3}'${NAME}'\s{0,3},\s{0,3}(?:(?:default|fallback|cast\s{0,3}=\s{0,3}str\s{0,3},\s{0,3}default)\s{0,3}[=:]\s{0,3})?[bru]?${VALUE}\s{0,3}[,)]`,
  ),
  rule(String.raw`\bcmp\.Or\(\s{0,3}os\.Getenv\(\s{0,3}'${NAME}'\s{0,3}\)\s{0,3},\s{0,3}${VALUE}`, { in: ['braces'] }),
  rule(
    String.raw`\b(?:env::var|std::env::var|dotenvy::var|option_env!|env\.get|get_string|get)\(\s{0,3}'${NAME}'\s{0,3}\)(?:\s{0,40}\.(?:ok|as_deref|cloned|as_ref|map)\([^()\n]{0,40}\)){0,3}\s{0,40}\.unwrap_or(?:_else)?\(\s{0,3}(?:\|_?\w{0,10}\|\s{0,3})?(?:String::from\(\s{0,3})?${VALUE}`,
    { in: ['rust'] },
  ),
  rule(
    String.raw`\b(?:System\.getenv|getenv|getProperty|get)\(\s{0,3}'${NAME}'\s{0,3}\)\s{0,3}\)?\s{0,40}\.(?:orElse|or|getOrElse|ifEmpty|ifBlank)\s{0,3}[({]\s{0,3}${VALUE}`,
    { in: ['braces'] },
  ),
  rule(String.raw`(?<=@Value\(\s{0,3}(?:value\s{0,3}=\s{0,3})?')\$\{${NAME}:(?!\})[^'}\n]{1,80}\}`, {
    in: ['braces'],
    inText: true,
  }),
  rule(
    String.raw`\{[^{}\n]{0,200}?(?<![\w$])${NAME}(?:\s{0,3}:\s{0,3}\w{1,40})?\s{0,3}=\s{0,3}${VALUE}[^{}\n]{0,200}\}\s{0,3}=\s{0,3}(?:process\.env|import\.meta\.env|env)\b`,
    { in: ['script'] },
  ),
  rule(
    String.raw`\bif\s{1,3}\(?(?:!|empty\(\$?)?\s{0,3}\$?(\w{0,40})\s{0,3}(?:(?:==|===|is)\s{0,3}(?:''|nil|null|None|undefined))?\)?\s{0,3}[:{]?\s{1,80}\$?\1\s{0,3}=\s{0,3}${VALUE}`,
    { holds: isSecretFromEnvironment },
  ),
];

/** A setting for the name of the CSRF field or header. The token itself is created for each visitor. */
const CSRF_FIELD = /(?:csrf|xsrf)[_.-]?token'[^']{0,20}'[\w-]{0,20}(?:csrf|xsrf)[\w-]{0,20}'/i;

/** False if the source compares the value again, for example to refuse the default. */
function isUsedAsSecret({ text }: CodeView, { text: found }: Match): boolean {
  if (CSRF_FIELD.test(found)) return false;
  const value = /'([^']{1,200})'[^']{0,20}$/.exec(found)?.[1];
  if (value === undefined) return true;
  const escaped = literal(value);
  return !new RegExp(`(?:[=!]==?\\s{0,3}|\\.equals\\(\\s{0,3}|\\bin\\s|\\bis\\s|includes\\(\\s{0,3})'${escaped}'`).test(
    text,
  );
}

const WHOLE_NAME = new RegExp(`^${NAME}$`);

/** True if the variable has the name of a secret and was read from the environment or the settings. */
function isSecretFromEnvironment(view: CodeView, match: Match): boolean {
  const name = match.groups[0] ?? '';
  if (!WHOLE_NAME.test(name) || !isUsedAsSecret(view, match)) return false;
  const before = view.text.slice(Math.max(0, match.index - 600), match.index);
  return new RegExp(`\\b${name}\\b[^\\n;]{0,40}=\\s{0,3}[^\\n;]{0,40}(?:env|config|settings|argv|Property)`, 'i').test(
    before,
  );
}
