/**
 * Finds parsers with effects: XML that fetches external entities (CWE-611), deserialization that runs code (CWE-502), archive
 * entries outside the folder (CWE-22), text templates for pages (CWE-79), input as a format string (CWE-134). Pure.
 */
import type { CodeView } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';

const XXE = {
  does: 'reads XML that may point at files and hosts',
  why: 'the author of the XML can read files of the machine; forbid document types, or external entities',
  after: 'CWE-611',
} as const;
const RUNS_CODE = {
  does: 'reads data in a form that can run code',
  why: 'the author of the data decides what runs',
  after: 'CWE-502',
} as const;
const UNPACKS = {
  does: 'unpacks an archive whose names may lead out of the folder',
  why: 'a file with "../" in its name is written anywhere; check each name before it is written',
  after: 'CWE-22',
} as const;
const FORMAT = {
  does: 'takes input as a format string',
  why: 'the author of the input can read what the program holds; replace known names only, or print it with "%s"',
  after: 'CWE-134',
} as const;
/** Settings of Java and .NET that turn external entities off. */
const NO_EXTERNAL_ENTITIES =
  /disallow-doctype-decl|FEATURE_SECURE_PROCESSING|ACCESS_EXTERNAL_DTD|SUPPORT_DTD|IS_SUPPORTING_EXTERNAL_ENTITIES|external-general-entities|setExpandEntityReferences\(\s{0,3}false|DtdProcessing\.(?:Prohibit|Ignore)|XmlResolver\s{0,3}=\s{0,3}null/;
/** Words for data from another party. */
const FROM_OUTSIDE =
  /upload|request|client|user|buyer|customer|partner|untrusted|incoming|received|download|remote|body|payload|handed? over|other (?:tills|shops|parties)/i;

export const PARSERS: readonly HarmRule[] = [
  {
    ...{ ...XXE, in: ['braces'] },
    pattern:
      /\b(?:DocumentBuilderFactory|SAXParserFactory|XMLInputFactory|TransformerFactory|SchemaFactory)\.(?:newInstance|newFactory|newDefaultInstance)\(|\bnew\s{1,3}(?:SAXReader|SAXBuilder)\(|\bXMLReaderFactory\.createXMLReader\(/g,
    // Code that only creates documents is harmless.
    holds: ({ text }, { text: call }) =>
      !NO_EXTERNAL_ENTITIES.test(text) &&
      (/Transformer|Schema/.test(call)
        ? /\bStreamSource\(/.test(text)
        : /\.(?:parse|read|build|createXML\w{0,20}|unmarshal)\(/.test(text)),
  },
  {
    ...{ ...XXE, in: ['braces'] },
    pattern:
      /\bDtdProcessing\.Parse\b|\bProhibitDtd\s{0,3}=\s{0,3}false\b|\bnew\s{1,3}XmlUrlResolver\(|\bXML_PARSE_(?:NOENT|DTDLOAD)\b/g,
  },
  {
    ...{ ...XXE, in: ['python'] },
    pattern:
      /\bresolve_entities\s{0,3}=\s{0,3}True\b|\bno_network\s{0,3}=\s{0,3}False\b|\bload_dtd\s{0,3}=\s{0,3}True\b|\bfeature_external_ges\s{0,3},\s{0,3}True\b/g,
  },
  { ...{ ...XXE, in: ['script'] }, pattern: /\b(?:noent|replaceEntities|expandEntities)\s{0,3}:\s{0,3}true\b/g },
  { ...{ ...XXE, in: ['php'] }, pattern: /\bLIBXML_NOENT\b|\blibxml_disable_entity_loader\(\s{0,3}false/g },
  { ...{ ...XXE, in: ['ruby'] }, pattern: /\.noent\b|\bParseOptions::(?:NOENT|DTDLOAD)\b/g },
  {
    ...{ ...RUNS_CODE, in: ['python'] },
    pattern:
      /\bshelve\.(?:open|DbfilenameShelf)\(|\b(?:joblib|pd|pandas)\.(?:load|read_pickle)\(|\bnp\.load\([^()\n]{0,120}allow_pickle\s{0,3}=\s{0,3}True/g,
    holds: ({ text }, { index, text: call }) =>
      !/^(?:shelve|joblib|pd|pandas)/.test(call) || comesFromOutside(text, index),
  },
  {
    ...{ ...RUNS_CODE, in: ['script'] },
    pattern:
      /(?<=require\(\s{0,3}|from\s{1,3})'(?:node-serialize|serialize-to-js|funcster)'|\byaml\.load\([^()\n]{1,80}DEFAULT_FULL_SCHEMA/g,
    inText: true,
  },
  {
    ...{ ...RUNS_CODE, in: ['braces'] },
    pattern:
      /\bnew\s{1,9}(?:ObjectInputStream|XMLDecoder)\s{0,3}\(|\bnew\s{1,3}(?:BinaryFormatter|NetDataContractSerializer|LosFormatter|SoapFormatter)\(|\bTypeNameHandling\.(?:All|Auto|Objects)\b|\b(?:enable|activate)DefaultTyping\(/g,
    holds: ({ text }) => !/ObjectInputFilter|resolveClass|SerializationBinder|PolymorphicTypeValidator/.test(text),
  },
  {
    ...{ ...UNPACKS, in: ['python'], after: 'bandit B202' },
    pattern:
      /\btarfile\.open\([\s\S]{0,200}?\.extractall\((?![^()\n]{0,120}\bfilter\s{0,3}=\s{0,3}(?:'(?:data|tar)'|tarfile\.(?:data|tar)_filter))/g,
    holds: ({ text }) =>
      !/\.extractall\([^()\n]{0,120}\bmembers\s{0,3}=|commonpath|is_relative_to|realpath|abspath/.test(text),
  },
  {
    ...{ ...UNPACKS, in: ['braces', 'script'] },
    pattern:
      /\bfilepath\.Join\(\s{0,3}[\w.]{1,40}\s{0,3},\s{0,3}(?:f|file|entry|header|hdr|zf)\.Name\s{0,3}\)|\bnew\s{1,3}File\(\s{0,3}[\w.]{1,40}\s{0,3},\s{0,3}\w{1,20}\.getName\(\)\s{0,3}\)|\.resolve\(\s{0,3}(?:entry|zipEntry|e)\.getName\(\)\s{0,3}\)|\bPath\.Combine\(\s{0,3}[\w.]{1,40}\s{0,3},\s{0,3}\w{1,20}\.FullName\s{0,3}\)|\b(?:path\.)?(?:join|resolve)\(\s{0,3}[\w.]{1,40}\s{0,3},\s{0,3}(?:entry|header|file)\.(?:entryName|fileName|path)\s{0,3}\)/g,
    beside:
      /\b(?:archive\/(?:zip|tar)|ZipEntry|ZipInputStream|ZipFile|ZipArchive|TarArchiveEntry|adm-zip|yauzl|unzipper|tar-stream|jszip)\b/i,
    holds: ({ text }) =>
      !/HasPrefix|IsLocal|startsWith|StartsWith|'\.\.'|normalize\(|getCanonicalPath|GetFullPath|\.relative\(|Rel\(/.test(
        text,
      ),
  },
  {
    does: 'fills a page of HTML by a template for plain text',
    why: 'the author of a value can put a script into the page; use html/template, or escape each value',
    after: 'CWE-79',
    in: ['braces'],
    beside: /'text\/template'/,
    inText: true,
    pattern:
      /\.Parse(?:Files|FS|Glob)?\(\s{0,9}[^()\n]{0,40}(?:'\s{0,80}<(?:!doctype|html|h\d|p|div|span|table|body|head|ul|li|section|main|form|a|tr|td|title|b|i)[\s>][\s\S]{0,400}?\{\{|'[^'\n]{0,80}\.(?:html|gohtml))/gi,
  },
  {
    ...{ ...FORMAT, in: ['braces'], beside: /#\s{0,3}include\b/ },
    pattern:
      /(?<![\w.>])(?:std::)?(?:snprintf|swprintf)\([^,;\n]{1,60},\s{0,9}[^,;\n]{1,60},\s{0,9}(\w{1,60})(?:\.c_str\(\)|->\w{1,30})?\s{0,3}\)|(?<![\w.>])(?:std::)?(?:sprintf|fprintf|errx?|warnx?|fwprintf|asprintf)\(\s{0,3}[^,;\n]{1,40},\s{0,3}(\w{1,60})(?:\.c_str\(\)|->\w{1,30})?\s{0,3}\)|(?<![\w.>])(?:std::)?(?:warnx?|printf|wprintf|setproctitle)\(\s{0,3}(\w{1,60})(?:\.c_str\(\)|->\w{1,30})\s{0,3}\)/g,
    holds: isVariableText,
  },
  {
    ...{ ...FORMAT, in: ['python'] },
    pattern:
      /(?<![\w.)\]'])(\w{1,60})\.format(?:_map)?\(\s{0,3}((?:\*\*)?\w{1,40}(?:\s{0,3}=\s{0,3}\w{1,40})?)\s{0,3}\)/g,
    holds: isObjectInUserText,
  },
  {
    ...{ ...FORMAT, in: ['python'] },
    does: 'takes a parameter as a format string',
    pattern: /(?<![\w.)\]'])(\w{1,60})\.format(?:_map)?\(/g,
    holds: ({ text }, { index, groups: [name = ''] }) =>
      new RegExp(`\\bdef\\s{1,3}\\w{1,60}\\([^()]{0,200}\\b${name}\\b`).test(
        text.slice(Math.max(0, index - 600), index),
      ),
    isNote: true,
  },
];

function comesFromOutside(text: string, index: number): boolean {
  return FROM_OUTSIDE.test(text.slice(Math.max(0, index - 400), index + 120)) || isOfParameter(text, index);
}

/** True if the path is a parameter of the function that opens it. */
function isOfParameter(text: string, index: number): boolean {
  const [, name] = /^[\w.]{1,40}\(\s{0,3}(?:str\()?(\w{1,40})/.exec(text.slice(index, index + 100)) ?? [];
  const header = /\bdef\s{1,3}\w{1,60}\(([^()]{0,200})\)/g;
  const last = [...text.slice(Math.max(0, index - 800), index).matchAll(header)].at(-1);
  return name !== undefined && new RegExp(`\\b${name}\\b`).test(last?.[1] ?? '');
}

/** False for a constant, a variable that gets a literal, and a name that says that it is a format. */
function isVariableText({ text }: CodeView, { groups, text: call }: Match): boolean {
  const name =
    groups.find((one) => one !== '') ?? /(\w{1,60})(?:\.c_str\(\)|->\w{1,30})?\s{0,3}\)$/.exec(call)?.[1] ?? '';
  if (/^[A-Z\d_]+$|^\d|^(?:fmt|format|fmt_?str|args?|ap|stderr|stdout)$/.test(name)) return false;
  return !new RegExp(
    `\\b${name}\\s{0,3}(?:\\[\\s{0,3}\\d{0,6}\\s{0,3}\\])?\\s{0,3}=\\s{0,3}(?:_\\()?'|\\?\\s{0,3}'`,
  ).test(text);
}

/** Names of texts that users may write. */
const USER_TEXT = /\b(?:text|template|pattern|message|body|greeting|wording|words|layout|subject)\b/i;

/** True if the format and the object that it may read members of are both parameters. */
function isObjectInUserText({ text }: CodeView, { index, groups: [name = '', argument = ''] }: Match): boolean {
  const object = argument.replace(/^\*\*/, '').replace(/^\w+\s{0,3}=\s{0,3}/, '');
  const above = text.slice(Math.max(0, index - 500), index);
  const params = [...above.matchAll(/\bdef\s{1,3}\w{1,60}\(([^()]{0,200})\)/g)].at(-1)?.[1] ?? '';
  const isParameter = (one: string): boolean => new RegExp(`(?<![\\w*])${one}\\b`).test(params);
  const isRichObject =
    /^(?:order|user|account|customer|buyer|request|self|obj|object|record|invoice|receipt|person|product|item|basket|shop|tenant|event|context|ctx|config|settings|app|session|payment|sale|booking|patient|member|profile)$/.test(
      object,
    );
  return isRichObject && USER_TEXT.test(name) && isParameter(name) && isParameter(object);
}
