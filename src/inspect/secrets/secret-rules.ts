/**
 * What secrets look like: one pattern a kind. The first group, where there is one, is the secret itself.
 *
 * Kinds with a shape of their own come first; the last ones know a secret by the name it is given.
 */
export interface SecretRule {
  name: string;
  pattern: RegExp;
  /** The shape alone proves little: the value must look random too, and be no obvious stand-in. */
  byName?: true;
}

export const SECRET_RULES: readonly SecretRule[] = [
  { name: 'private key', pattern: /-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----/ },
  { name: 'AWS access key id', pattern: /(?<![A-Za-z0-9])((?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16})(?![A-Za-z0-9])/ },
  {
    name: 'AWS secret access key',
    pattern: /aws.{0,20}?(?:secret|key).{0,20}?["'=:\s]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])/i,
  },
  { name: 'Google API key', pattern: /(?<![\w-])(AIza[\w-]{35})(?![\w-])/ },
  { name: 'Google OAuth secret', pattern: /(?<![\w-])(GOCSPX-[\w-]{28})(?![\w-])/ },
  { name: 'Azure storage key', pattern: /AccountKey=([A-Za-z0-9+/]{86}==)/i },
  { name: 'Azure client secret', pattern: /(?<![\w~.-])([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])/ },
  { name: 'GitHub token', pattern: /(?<!\w)((?:gh[pousr]_[A-Za-z0-9]{36,255})|github_pat_\w{60,255})(?!\w)/ },
  { name: 'GitLab token', pattern: /(?<![\w-])((?:glpat|gldt|glrt|glcbt|glptt)-[\w-]{20,})/ },
  { name: 'Slack token', pattern: /(?<!\w)(xox[abeoprs]-(?:\d+-)+[A-Za-z0-9-]{10,})/ },
  { name: 'Slack webhook', pattern: /hooks\.slack\.com\/services\/(T\w{8,}\/B\w{8,}\/\w{20,})/ },
  { name: 'Stripe key', pattern: /(?<!\w)((?:sk|rk)_(?:live|test)_[A-Za-z0-9]{16,})/ },
  { name: 'Anthropic key', pattern: /(?<![\w-])(sk-ant-[\w-]{20,})/ },
  { name: 'OpenAI key', pattern: /(?<![\w-])(sk-(?:proj|svcacct|admin)-[\w-]{30,}|sk-[A-Za-z0-9]{48})(?![\w-])/ },
  { name: 'Hugging Face token', pattern: /(?<!\w)(hf_[A-Za-z]{34})(?!\w)/ },
  { name: 'npm token', pattern: /(?<!\w)(npm_[A-Za-z0-9]{36})(?!\w)/ },
  { name: 'npm auth token', pattern: /:_(?:authToken|auth|password)\s*=\s*([^\s$"'{}]{16,})/ },
  { name: 'PyPI token', pattern: /(?<![\w-])(pypi-AgE[\w-]{50,})/ },
  { name: 'SendGrid key', pattern: /(?<!\w)(SG\.[\w-]{22}\.[\w-]{43})(?![\w-])/ },
  { name: 'Twilio key', pattern: /(?<!\w)(SK[0-9a-f]{32})(?!\w)/ },
  { name: 'DigitalOcean token', pattern: /(?<!\w)(do[opr]_v1_[0-9a-f]{64})(?!\w)/ },
  { name: 'JSON Web Token', pattern: /(?<![\w-])(eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{20,})/ },
  {
    name: 'password in a url',
    pattern: /\b[a-z][a-z0-9+.-]*:\/\/[^\s:/@"'<>]{1,100}:([^\s/@"'`<>]{3,200})@[^\s/"'<>]/i,
    byName: true,
  },
  {
    name: 'authorization header',
    pattern: /authorization["']?\s*[:=]\s*["'`]?(?:bearer|basic|token)\s+([\w+/=.~-]{20,})/i,
    byName: true,
  },
  {
    name: 'secret by its name',
    pattern:
      /(?:passw(?:or)?d|pwd|secret|token|api[_-]?key|access[_-]?key|private[_-]?key|auth[_-]?key|client[_-]?secret|credential)(?!\w*(?:name|ref|path|file|url|uri|arn|alias|header|field|type|policy|id)["'`\]]*\s*[:=])\w*["'`\]]*\s*(?::\s*\w+\s*=|=>|:=|[:=])\s*(?:[rbuf]{0,2})["'`]([^"'`\s]{8,200})["'`]/i,
    byName: true,
  },
  {
    name: 'secret by its name',
    pattern:
      /^\s*(?:export\s+)?[A-Z0-9_]*(?:PASSWORD|PASSWD|PWD|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY)(?![A-Z0-9_]*(?:NAME|REF|PATH|FILE|URL|URI|ARN|HEADER|TYPE)\s*[=:])[A-Z0-9_]*\s*[=:]\s*([^\s"'`#]{8,200})\s*(?:#.*)?$/,
    byName: true,
  },
];
