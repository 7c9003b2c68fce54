/**
 * Finds lines with effects outside the program: they send, store, log, or read the environment. Most of these lines are
 * the purpose of the change, so they are notes for people and the Verification Overseer. Pure.
 */
import type { HarmRule } from './rule';

function note(does: string, pattern: RegExp, more: Partial<HarmRule> = {}): HarmRule {
  return { does, why: 'no test sees what it does outside the program', pattern, isNote: true, ...more };
}

export const REACHES: readonly HarmRule[] = [
  note(
    'sends something over the network',
    /(?<![\w.$])(?:fetch|axios|got|ky|urlopen|file_get_contents)\s{0,3}\(|\b(?:axios|requests|httpx|session|ureq|reqwest(?:::\w{1,20}){0,2}|http|https|httpClient|restTemplate|webClient|HttpClient|Net::HTTP)(?:\.|::|->)(?:get|post|put|patch|delete|request|send|sendAsync|PostAsync|GetAsync|Get|Post|PostForm|Do|NewRequest)\w{0,20}\s{0,3}\(|\bnew (?:WebSocket|XMLHttpRequest|EventSource)\b|\bsendBeacon\s{0,3}\(|\bsocket\.(?:socket|create_connection)\s{0,3}\(|\bnet\.(?:Dial|connect|createConnection)\w{0,20}\s{0,3}\(|\bcurl_exec\s{0,3}\(/g,
  ),
  note(
    'sends a message to people',
    /\b(?:sendMail|send_mail|sendmail|send_message|sendMessage|sendEmail|send_email|smtplib|SmtpClient|JavaMailSender|SendMail|deliver_(?:now|later))\b|\[\s{0,3}'(?:[Bb]cc|[Cc]c|[Tt]o|[Rr]eply-[Tt]o)'\s{0,3}\]\s{0,3}=|\b(?:bcc|replyTo|reply_to)\s{0,3}[:=]/g,
    { inText: true },
  ),
  note(
    'writes to files',
    /\b(?:writeFile|appendFile|createWriteStream|write_text|write_bytes|copyFile|copytree|copyfile|WriteFile|OpenFile|file_put_contents|fputcsv)(?:Sync)?\s{0,3}\(|\bopen\s{0,3}\([^()\n]{1,80},\s{0,3}'[wax]b?\+?'|\b(?:fs::write|File::create|Files\.write\w{0,10}|os\.Create)\s{0,3}\(/g,
  ),
  note(
    'reads a variable of its surroundings',
    /\bprocess\.env\b|\bimport\.meta\.env\.(?!MODE|DEV|PROD)|\bos\.environ\b|\b(?:os\.)?(?:getenv|Getenv|LookupEnv)\s{0,3}\(|\benv::var(?:_os)?\s{0,3}\(|\bSystem\.get(?:env|Property)\s{0,3}\(|\bEnvironment\.GetEnvironmentVariable\b|\bENV\[/g,
  ),
  note(
    'writes to the log',
    /\bconsole\.(?:log|info|warn|error|debug)\s{0,3}\(|\b(?:log|logger|logging|LOG|_logger|slog)\.(?:info|warn|warning|error|debug|trace|fatal|exception|log|Info|Warn|Error|Debug|Print|Printf|Println)\w{0,10}\s{0,3}\(|(?<![\w.])(?:print|println!|eprintln!|error_log)\s{0,3}\(/g,
  ),
  note(
    'sets a header or a cookie',
    /\b(?:setHeader|set_header|set_cookie|setCookie|res\.cookie|writeHead|addHeader|SetCookie|setcookie)\s{0,3}\(|\.Header\(\)\.(?:Set|Add)\s{0,3}\(/g,
  ),
  note(
    'stores something in a database',
    /(?<=['\s(])(?:INSERT\s{1,9}INTO|UPDATE\s{1,9}\S{1,60}\s{1,9}SET|DELETE\s{1,9}FROM|ALTER\s{1,9}TABLE|CREATE\s{1,9}TABLE)\b/gi,
    { inText: true },
  ),
  note(
    'names an account, or a mailbox',
    /(?<=['\s])[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?(?=['\s])|(?<=['\s])[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,40}(?=['\s])|(?<=')0x[0-9a-fA-F]{40}(?=')/g,
    { inText: true },
  ),
];
