/**
 * Mass assignment (CWE-915): code copies all fields of a request into a record, so that a client can set fields that no
 * form offers. Pure.
 */
import type { CodeView } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';

const MASS_ASSIGNMENT = {
  does: 'writes all fields that a client sends over a record',
  why: 'a client that may change a name can change its role as well; copy the intended fields one by one',
  after: 'CWE-915',
} as const;
/** A variable that holds a stored record, by its name. */
const RECORD = String.raw`(?:[\w$]{1,40}\.){0,3}[\w$]{0,30}(?:[aA]ccount|[uU]ser|[rR]ecord|[pP]rofile|[oO]rder|[cC]ustomer|[mM]ember|[eE]mployee|[bB]uyer|[cC]lerk|[eE]ntity|[dD]oc(?:ument)?|[rR]ow|[iI]tem|[pP]roduct|[eE]xisting|[cC]urrent|[sS]tored|[mM]odel|[bB]asket|[iI]nvoice|[pP]atient|[tT]enant|[pP]erson|[oO]wner|[aA]dmin)(?:\.get\([^()\n]{0,40}\)|\[[^\]\n]{1,40}\])?`;
/** The whole body or query of a request in JavaScript. */
const JSON_BODY = String.raw`(?:await\s{1,3})?(?:(?:req|request|ctx\.request|c\.req|event)\.(?:body|query|json\(\))|JSON\.parse\(\s{0,3}(?:[\w$]{1,30}\.)?(?:body|rawBody|payload|requestBody)(?:\.toString\(\))?\s{0,3}\)|(?:requestB|reqB|b)ody)(?![\w$.[])`;
/** The same in Python. */
const PY_BODY = String.raw`(?:request\.(?:json|form|data|get_json\([^()\n]{0,30}\)|POST|args)(?:\.to_dict\(\)|\.dict\(\))?|(?:await\s{1,3})request\.json\(\)|json\.loads\(\s{0,3}(?:(?:request|event|self)\b[^()\n]{0,30}|body|payload)\)|body|payload)(?![\w.[])`;

export const ASSIGNED: readonly HarmRule[] = [
  {
    ...{ ...MASS_ASSIGNMENT, in: ['script'], holds: isUncheckedBody },
    pattern: new RegExp(
      String.raw`\b(?:Object\.assign|_\.(?:assign|merge|extend)|merge|deepMerge)\(\s{0,3}(?:\{\s{0,3}\}\s{0,3},\s{0,3})?${RECORD}\s{0,3},\s{0,9}${JSON_BODY}\s{0,3}[,)]|\{\s{0,9}\.\.\.${RECORD}\s{0,3},\s{0,9}\.\.\.${JSON_BODY}\s{0,9}[,}]`,
      'g',
    ),
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['script'] },
    pattern:
      /\b[A-Z]\w{1,40}\.(?:create|update|updateOne|findByIdAndUpdate|findOneAndUpdate|insertMany|build)\((?:[^()\n]|\([^()\n]{0,60}\)){0,120}?(?<=[(,:]\s{0,3}(?:\$set\s{0,3}:\s{0,3})?)(?:req|request)\.body\s{0,3}[,)}]|\bnew\s{1,3}[A-Z]\w{1,40}\(\s{0,3}(?:req|request)\.body\s{0,3}\)|\b(?:data|\$set)\s{0,3}:\s{0,3}(?:req|request)\.body\s{0,3}[,)}]|\b\w{1,40}\.(?:update|set|assign|fill)\(\s{0,3}req\.body\s{0,3}\)/g,
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['python'] },
    pattern: new RegExp(
      String.raw`(?<![\w.])[A-Z]\w{1,40}\(\s{0,3}\*\*${PY_BODY}\s{0,3}\)|\.__dict__\.update\(\s{0,3}${PY_BODY}|\b${RECORD}\.update\(\s{0,3}(?:\*\*)?${PY_BODY}\s{0,3}\)|\{\s{0,3}\*\*${RECORD}\s{0,3},\s{0,3}\*\*${PY_BODY}|\b${RECORD}\s{0,3}\|=\s{0,3}${PY_BODY}`,
      'g',
    ),
    unless:
      /(?:Schema|Model|Form|Request|Input|Payload|Dto|DTO|In|Body|Params|Patch|Update|Create|Event|Message|Settings|Config)\(/,
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['python'] },
    pattern: new RegExp(
      String.raw`\bfor\s{1,3}\w{1,30}\s{0,3},\s{0,3}\w{1,30}\s{1,3}in\s{1,3}(?:\(?${PY_BODY.replace('(?![\\w.[])', '')}\)?|data)\.items\(\)\s{0,3}:\s{1,40}setattr\(`,
      'g',
    ),
    holds: ({ text }, { index, text: loop }) =>
      !/\bin\s{1,3}data\.items/.test(loop) ||
      /\bdata\s{0,3}=\s{0,3}(?:await\s)?(?:request\.|json\.loads)/.test(text.slice(Math.max(0, index - 800), index)),
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['php'] },
    pattern:
      /->(?:update|fill|forceFill|create)\(\s{0,3}(?:\$request->(?:all\(\)|input\(\)|post\(\))|\$_(?:POST|REQUEST|GET))\s{0,3}\)|::create\(\s{0,3}\$request->all\(\)|(?<![\w>$:])extract\(\s{0,3}\$_(?:POST|REQUEST|GET|COOKIE)\b/g,
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['ruby'] },
    pattern:
      /\.permit!|\.(?:update|update!|assign_attributes|update_attributes|create|create!|new)\(\s{0,3}params(?:\[\s{0,3}:?\w{1,30}\s{0,3}\])?\s{0,3}\)/g,
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['braces'] },
    pattern: new RegExp(
      String.raw`\bBeanUtils\.populate\(\s{0,3}\w{1,40}\s{0,3},\s{0,3}(?:request|req)\.getParameterMap|\breaderForUpdating\(\s{0,3}${RECORD}\s{0,3}\)\s{0,20}\.readValue\(|\bJsonConvert\.PopulateObject\(|\bTryUpdateModel(?:Async)?\(\s{0,3}${RECORD}\s{0,3}\)`,
      'g',
    ),
  },
  {
    ...{ ...MASS_ASSIGNMENT, in: ['braces'], beside: /'net\/http'|'encoding\/json'/ },
    pattern:
      /\bjson\.NewDecoder\(\s{0,3}\w{1,20}\.Body\s{0,3}\)\.Decode\(\s{0,3}&?(\w{1,40})\s{0,3}\)|\bjson\.Unmarshal\(\s{0,3}(?:\[\]byte\()?\s{0,3}(?:\w{1,20}\.)?(?:body|Body|payload)\)?\s{0,3},\s{0,3}&?(\w{1,40})\s{0,3}\)/g,
    holds: ({ text }, { index, groups }) => {
      const name = groups.find((one) => one !== '') ?? '';
      // Only a record that was read from the store before counts.
      return new RegExp(
        `\\b${name}(?:\\s{0,3},\\s{0,3}\\w{1,20})?\\s{0,3}:?=\\s{0,3}(?:[\\w.]{1,40}\\[|[\\w.]{0,40}\\.?(?:[fF]ind|[gG]et|[lL]oad|[fF]etch|[lL]ookup|[bB]yID)\\w{0,20}\\()`,
      ).test(text.slice(Math.max(0, index - 1_200), index));
    },
  },
];

const NAMED_BODY = /(?<![\w$.])((?:requestB|reqB|b)ody)\s{0,9}[,)}]$/;
/** The start of a call that checks a value, or picks fields of it. */
const CHECK_CALL = String.raw`(?:parse|safeParse|validate\w{0,20}|cast|pick|strip|check\w{0,20})\(`;

/** False if the variable holds what a schema returned: that has only the fields of the schema. */
function isUncheckedBody({ text }: CodeView, { index, text: found }: Match): boolean {
  const [, name] = NAMED_BODY.exec(found) ?? [];
  if (name === undefined) return true;
  const above = text.slice(Math.max(0, index - 800), index);
  const assignedValue = [
    ...above.matchAll(new RegExp(`\\b${name}\\s{0,3}(?::[^=\\n]{1,40})?=\\s{0,3}([^;\\n]{1,120})`, 'g')),
  ].at(-1)?.[1];
  return (
    assignedValue === undefined ||
    /^JSON\.parse/.test(assignedValue) ||
    !new RegExp(String.raw`[\w$.]{0,60}\b${CHECK_CALL}`).test(assignedValue)
  );
}
