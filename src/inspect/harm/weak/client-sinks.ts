/**
 * Weaknesses where client input decides which path a program reads, which address it requests or redirects to, or which
 * markup a page has: CWE-22, CWE-601, CWE-918, CWE-79, CWE-134. Each row is one weakness, with one pattern for each
 * language. Pure.
 */
import type { CodeView, Syntax } from '../../asks/code-view';
import type { HarmRule, Match } from '../rule';
import { argumentsAt, clientWordIn } from './client-words';

/** A kind of call that must not get client input unchecked. */
interface Weakness {
  /** The number of the weakness in the CWE list. */
  cwe: string;
  does: string;
  why: string;
  /** The match ends where the argument begins. If a capture group matched, its text is the argument. */
  at: Partial<Record<Syntax, RegExp>>;
  /** The URL and the headers of the request count as client input, too. */
  countsRequestUrl?: true;
  /** Only the first argument is read, or the value that is assigned. */
  readsFirstArgumentOnly?: true;
  /** An argument that this pattern matches is harmless. */
  unless?: RegExp;
}

const PATHS: Weakness = {
  cwe: 'CWE-22',
  does: 'opens a file by a path that the client gives, without a check that it is in the folder',
  why: '"../" leads to every file of the machine; resolve the path and check that it is below the folder, or use its last part only',
  countsRequestUrl: true,
  unless: /\broot\s{0,3}:|\bbasename\b|import\.meta|__dirname\s{0,3}\)|\bnew\s{1,3}URL\(/,
  at: {
    script:
      /(?<![\w$.])(?:(?:fs|fsp|fse|promises|fs\.promises)\.(?:rm|open|rmdir|cp|stat|access|unlink|readFile|writeFile|appendFile|readdir|createReadStream|createWriteStream|readFileSync|writeFileSync|appendFileSync|unlinkSync|rmSync|openSync|readdirSync|copyFile|copyFileSync)|readFile|readFileSync|createReadStream|createWriteStream|writeFile|writeFileSync|appendFile|appendFileSync|unlink|unlinkSync|rmSync|openSync|readdirSync|(?:res|response|reply)\.(?:sendFile|download)|Bun\.file|Deno\.(?:readTextFile|readFile|open|remove|writeTextFile))\(/g,
    python:
      /(?<![\w.])(?:open|io\.open|codecs\.open|os\.(?:remove|unlink|listdir|open)|shutil\.rmtree|send_file|FileResponse|aiofiles\.open|web\.FileResponse)\(|(?<![\w.)\]])(\(\s{0,3}[\w.]{1,60}\s{0,3}\/\s{0,3}[^()\n]{1,60}\)|(?:pathlib\.)?Path\([^()\n]{1,80}\)|\w{1,60})\.(?:read_text|read_bytes|write_text|write_bytes|unlink|open)\(/g,
    braces:
      /\bos\.(?:Open|OpenFile|ReadFile|Create|Remove|RemoveAll|WriteFile|ReadDir)\(|\bioutil\.(?:ReadFile|WriteFile|ReadDir)\(|\bnew\s{1,3}(?:FileInputStream|FileReader|FileOutputStream|FileWriter|RandomAccessFile|FileStream|StreamReader|StreamWriter|FileSystemResource)\(|\bFiles\.(?:read\w{0,12}|newInputStream|newBufferedReader|lines|write\w{0,8}|newOutputStream|delete\w{0,8})\(|\b(?:System\.IO\.)?File\.(?:ReadAll\w{1,10}|Open\w{0,8}|WriteAll\w{1,10}|Delete|AppendAll\w{1,8})\(|(?<![\w.])PhysicalFile\(/g,
    php: /(?<![\w>$:])(?:file_get_contents|readfile|fopen|file|unlink|file_put_contents|show_source)\s{0,3}\(|(?<![\w>$:])(?:include|require)(?:_once)?\s{0,3}\(?/g,
    ruby: /\b(?:File|IO)\.(?:read|open|readlines|binread|delete|write|new)\(|(?<![\w.])send_file\s{0,3}\(?/g,
    rust: /\b(?:std::|tokio::)?fs::(?:read|read_to_string|write|remove_file|read_dir|remove_dir_all)\(|\b(?:File|NamedFile)::(?:open|create)\(/g,
  },
};
/** A path on the same site, or a URL with a fixed host; client input after it cannot change the host. */
const FIXED_HOST =
  /^\s{0,9}(?:f?''\s{0,3})?(?:[A-Z][A-Z\d_]{2,60}|(?:process\.env|config|settings|env)\.[\w.]{1,60}|(?:this\.|self\.)?(?:base|api)_?[uU]rl)(?:\s{0,3}\+\s{0,3})?'\/|^\s{0,9}(?:[\w.]{1,40}\s{0,3},\s{0,3}){0,2}(?:\d{3}\s{0,3},\s{0,3})?[frbu$@]?'(?:\/(?![/\\])[^'\n]|[^'/\n]{1,200}\/|[?#])/;

const REDIRECTS: Weakness = {
  cwe: 'CWE-601',
  does: 'redirects to a URL that the request gives',
  why: 'an attacker can make a link to your site that redirects to another site; accept only paths on your site, and check that they begin with one slash and not with two',
  unless: FIXED_HOST,
  at: {
    script:
      /\b(?:res|response|reply|ctx|c|Response|NextResponse)\.redirect\(|(?<![\w$.])redirect\(|\b(?:setHeader|append|set)\(\s{0,3}'[lL]ocation'\s{0,3},|(?<![\w$.])location\.(?:assign|replace)\(/g,
    python: /(?<![\w.])(?:redirect|RedirectResponse|HttpResponseRedirect|HTTPFound|HTTPSeeOther)\(/g,
    braces:
      /\bhttp\.Redirect\(\s{0,3}\w{1,20}\s{0,3},\s{0,3}\w{1,20}\s{0,3},|\bc\.Redirect\(|\.sendRedirect\(|(?<=\breturn\s{1,3})Redirect\(|\.(?:setHeader|Set|addHeader)\(\s{0,3}'Location'\s{0,3},|\bnew\s{1,3}RedirectView\(|\bcall\.respondRedirect\(/g,
    php: /(?<![\w>$:])header\(\s{0,3}'[lL]ocation:\s{0,3}'\s{0,3}\.|\bredirect\(/g,
    ruby: /\bredirect_to\s{0,3}\(?|(?<![\w.])redirect\s{1,3}/g,
  },
};
const FETCHES: Weakness = {
  cwe: 'CWE-918',
  readsFirstArgumentOnly: true,
  does: 'requests a URL that the client gives',
  why: 'a client can make the server read addresses of the internal network; allow only listed hosts',
  unless: FIXED_HOST,
  at: {
    script: /(?<![\w$.])(?:fetch|axios(?:\.(?:get|post|head))?|got(?:\.get)?|https?\.get|needle|undici\.request)\(/g,
    python: /\b(?:requests|httpx)\.(?:get|post|head)\(|\b(?:urllib\.request\.)?(?:urlopen|urlretrieve)\(/g,
    braces:
      /\bhttp\.(?:Get|Head|Post)\(|\brestTemplate\.(?:getForObject|getForEntity|exchange)\(|\bnew\s{1,3}URL\(|\bURI\.create\(|\.(?:GetAsync|GetStringAsync)\(/g,
    php: /(?<![\w>$:])curl_init\(|\bcurl_setopt\([^,\n]{1,30},\s{0,3}CURLOPT_URL\s{0,3},/g,
    ruby: /\bNet::HTTP\.get\w{0,10}\(|\bURI\.open\(|\bHTTParty\.get\(/g,
    rust: /\breqwest::(?:blocking::)?get\(/g,
  },
};
const MARKUP: Weakness = {
  cwe: 'CWE-79',
  does: 'puts client input into a page as markup',
  why: 'the client can put a script into the page; escape the input, or insert it as text',
  at: {
    script:
      /\.insertAdjacentHTML\(\s{0,3}'\w{1,20}'\s{0,3},|\bdocument\.write(?:ln)?\(|\b(?:res|response|reply|ctx)\.(?:send|end|write)\((?=[^;\n]{0,80}'[^'\n]{0,200}<[a-z!/])/g,
    python:
      /(?<![\w.])(?:Markup|mark_safe|render_template_string|HTMLResponse|HttpResponse)\((?=[^\n]{0,160}(?:<[a-z]|\w\s{0,3}[,)]))/g,
    braces:
      /\btemplate\.(?:HTML|JS|URL)\(|\b(?:fmt\.Fprintf?|io\.WriteString)\(\s{0,3}w\s{0,3},(?=[^;\n]{0,80}'[^'\n]{0,200}<[a-z!/])|\.getWriter\(\)\.(?:print|println|write|printf)\(|\bHtml\.Raw\(/g,
    php: /(?<![\w>$])(?:echo|print)\s{0,3}\(?/g,
    ruby: /(?<![\w.])raw[ (]|\b(params\[[^\]\n]{1,40}\])\.html_safe\b/g,
  },
};
const ASSIGNED_MARKUP: Weakness = {
  ...{ ...MARKUP, readsFirstArgumentOnly: true },
  at: { script: /\.(?:innerHTML|outerHTML)\s{0,3}\+?=(?!=)|\b__html\s{0,3}:/g },
};
const LOCATIONS: Weakness = {
  ...{ ...REDIRECTS, readsFirstArgumentOnly: true },
  at: {
    script:
      /(?<![\w$])'?[lL]ocation'?\s{0,3}:(?!:)|(?<![\w$])(?:window\.|document\.)?location(?:\.href)?\s{0,3}=(?![=>])/g,
    python: /\[\s{0,3}'Location'\s{0,3}\]\s{0,3}=(?!=)|'[lL]ocation'\s{0,3}:/g,
    braces: /'[lL]ocation'\s{0,3}\]\s{0,3}=(?!=)|(?<=\breturn\s{1,3})'redirect:'\s{0,3}\+|'redirect:(?=')/g,
  },
};
const FORMATS: Weakness = {
  cwe: 'CWE-134',
  does: 'uses client input as a format string',
  why: "the client can read values in the program's memory; pass the input as a value",
  unless: /^\s{0,3}(?:\w{1,20}\s{0,3},\s{0,3})?'/,
  at: {
    braces: /\bfmt\.(?:Sprintf|Printf|Errorf)\(|\bfmt\.Fprintf\(\s{0,3}\w{1,30}\s{0,3},|\bString\.[fF]ormat\(/g,
    python: /(?<![\w.)\]'])(\w{1,60})\.format(?:_map)?\(/g,
    php: /(?<![\w>$:])v?s?printf\(/g,
  },
};

interface Source {
  view: CodeView;
  syntax: Syntax;
}

function rulesOf(weakness: Weakness): HarmRule[] {
  return (Object.entries(weakness.at) as Array<[Syntax, RegExp]>).map(([syntax, pattern]) => ({
    ...{ does: weakness.does, why: weakness.why, after: weakness.cwe, in: [syntax], pattern, inText: true },
    holds: (view, found) => getsClientInput({ view, syntax }, found, weakness),
  }));
}

/** True if the argument of the call contains client input that nothing checks. */
function getsClientInput({ view, syntax }: Source, { index, text, groups }: Match, weakness: Weakness): boolean {
  const from = index + text.length;
  const args = groups.find((group) => group !== '') ?? argumentsAt(view, from, weakness.readsFirstArgumentOnly);
  if (args.trim() === '' || weakness.unless?.test(args) === true) return false;
  // A `send_file` that the source itself declares is not the one of the framework.
  if (/^send_file/.test(text) && /\bdef\s{1,3}send_file\(/.test(view.text)) return false;
  const countsRequestUrl = weakness.countsRequestUrl === true;
  return clientWordIn(view, syntax, { index, args, countsRequestUrl }) !== undefined;
}

export const CLIENT_SINKS: readonly HarmRule[] = [
  PATHS,
  REDIRECTS,
  LOCATIONS,
  FETCHES,
  MARKUP,
  ASSIGNED_MARKUP,
  FORMATS,
].flatMap(rulesOf);
