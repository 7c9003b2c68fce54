/**
 * Lists tokens that have a format of their own, each with the literals of which every such token contains one. The first group of a
 * pattern is the token itself.
 *
 * After gitleaks `config/gitleaks.toml` at b58d3f1 (22 July 2026, MIT), the rules whose regex has such a literal; widened where a
 * provider has several lengths. Compared with the preset of secretlint 13.1 on 28 November 2026. Left out: what is known by the name beside it only (`assignments.ts`), and public keys.
 */
export interface TokenFormat {
  name: string;
  /** Letter case counts. */
  marks: readonly string[];
  pattern: RegExp;
}

const START = '(?<![A-Za-z0-9_-])';
const END = '(?![A-Za-z0-9_-])';
const token = (name: string, marks: string, body: string): TokenFormat => ({
  name,
  marks: marks.split(' '),
  pattern: new RegExp(`${START}(${body})${END}`),
});

export const TOKEN_FORMATS: readonly TokenFormat[] = [
  token('age key', 'AGE-SECRET-KEY-1', 'AGE-SECRET-KEY-1[A-Z0-9]{58}'),
  token('1Password token', 'ops_eyJ', 'ops_eyJ[a-zA-Z0-9+/]{200,}={0,3}'),
  token('1Password key', 'A3-', 'A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3}'),
  token('Adobe secret', 'p8e-', 'p8e-[a-zA-Z0-9]{32}'),
  token('Airtable token', 'pat', 'pat[A-Za-z0-9]{14}\\.[a-f0-9]{64}'),
  token('Alibaba access key id', 'LTAI', 'LTAI[a-zA-Z0-9]{20}'),
  token('Artifactory key', 'AKCp', 'AKCp[A-Za-z0-9]{69}'),
  token('Artifactory token', 'cmVmd', 'cmVmd[A-Za-z0-9]{59}'),
  token('AWS access key id', 'AKIA ASIA ABIA ACCA', '(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}'),
  token('AWS Bedrock key', 'ABSK', 'ABSK[A-Za-z0-9+/]{109,269}={0,2}'),
  { name: 'Azure storage key', marks: ['AccountKey'], pattern: /AccountKey=([A-Za-z0-9+/]{86}==)/ },
  {
    name: 'Azure client secret',
    marks: ['Q~'],
    pattern: /(?<![\w~.-])([\w~.-]{3}\dQ~[\w~.-]{31,34})(?![\w~.-])/,
  },
  token('Anthropic key', 'sk-ant-', 'sk-ant-[\\w-]{20,}'),
  token('ClickHouse key', '4b1d', '4b1d[A-Za-z0-9]{38}'),
  token('Clojars token', 'CLOJARS_', 'CLOJARS_[a-z0-9]{60}'),
  token('Cloudflare CA key', 'v1.0-', 'v1\\.0-[a-f0-9]{24}-[a-f0-9]{146}'),
  token('Cloudflare token', 'cfk_ cfut_ cfat_', '(?:cfk|cfut|cfat)_[A-Za-z0-9]{40}[0-9a-f]{8}'),
  token('Databricks token', 'dapi', 'dapi[a-f0-9]{32}(?:-\\d)?'),
  token('DigitalOcean token', 'doo_v1_ dop_v1_ dor_v1_', 'do[opr]_v1_[0-9a-f]{64}'),
  token('Docker token', 'dckr_pat_ dckr_oat_', 'dckr_[po]at_[\\w-]{27,40}'),
  token('Doppler token', 'dp.', 'dp\\.(?:pt|ct|st|sa|scim|audit)\\.(?:[a-z0-9_-]{1,40}\\.)?[a-zA-Z0-9]{40,44}'),
  token('Duffel token', 'duffel_', 'duffel_(?:test|live)_[a-zA-Z0-9_=-]{43}'),
  token('Dynatrace token', 'dt0c01.', 'dt0c01\\.[A-Za-z0-9]{24}\\.[A-Za-z0-9]{64}'),
  token('EasyPost key', 'EZAK EZTK', 'EZ[AT]K[a-zA-Z0-9]{54}'),
  token('Facebook token', 'EAAM EAAC', 'EAA[MC][a-zA-Z0-9]{100,}'),
  token('Flutterwave key', 'FLWSECK', 'FLWSECK(?:_TEST)?-[a-zA-Z0-9]{12,32}(?:-X)?'),
  token('Figma token', 'figd_', 'figd_[\\w-]{40,200}'),
  token('Fly.io token', 'fo1_ fm1 fm2_', 'fo1_[\\w-]{43}|fm(?:1[ar]|2)_[a-zA-Z0-9+/]{100,}={0,3}'),
  token('Frame.io token', 'fio-u-', 'fio-u-[a-zA-Z0-9_=-]{64}'),
  token('Google API key', 'AIza', 'AIza[\\w-]{35}'),
  token('Google OAuth secret', 'GOCSPX', 'GOCSPX-[\\w-]{28}'),
  token('Google refresh token', '1//0', '1//0[\\w-]{60,}'),
  token('GitHub token', 'ghp_ gho_ ghu_ ghs_ ghr_', 'gh[pousr]_[A-Za-z0-9]{36,255}'),
  token('GitHub token', 'ghs_', 'ghs_\\d{1,20}_eyJ[\\w-]{10,200}\\.[\\w-]{10,2000}\\.[\\w-]{20,1000}'),
  token('GitHub token', 'github_pat_', 'github_pat_\\w{60,255}'),
  token(
    'GitLab token',
    'glpat- gldt- glrt- glcbt- glptt- glffct- glft- glimt- glagent- gloas- glsoat-',
    'gl(?:pat|dt|rt|cbt|ptt|ffct|ft|imt|agent|oas|soat)-[\\w.-]{20,300}',
  ),
  token('GitLab token', 'GR1348941', 'GR1348941[\\w-]{20}'),
  token('Grafana token', 'glc_ glsa_', 'glc_[A-Za-z0-9+/]{32,400}={0,3}|glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}'),
  token('Grafana key', 'eyJrIjoi', 'eyJrIjoi[A-Za-z0-9]{70,400}={0,3}'),
  token('Groq key', 'gsk_', 'gsk_[a-zA-Z0-9]{52}'),
  token('Harness key', 'pat. sat.', '[ps]at\\.[a-zA-Z0-9_-]{22}\\.[a-zA-Z0-9]{24}\\.[a-zA-Z0-9]{20}'),
  token('HashiCorp token', '.atlasv1.', '[a-zA-Z0-9]{14}\\.atlasv1\\.[a-zA-Z0-9_=-]{60,70}'),
  token('HashiCorp Vault token', 'hvs. hvb. hvr.', 'hv[sr]\\.[\\w-]{24,120}|hvb\\.[\\w-]{138,300}'),
  token('Heroku key', 'HRKU-AA', 'HRKU-AA[0-9a-zA-Z_-]{58}'),
  token('Hugging Face token', 'hf_ api_org_', '(?:hf|api_org)_[A-Za-z]{34}'),
  token('Infracost token', 'ico-', 'ico-[a-zA-Z0-9]{32}'),
  token('Linear key', 'lin_api_', 'lin_api_[a-zA-Z0-9]{40}'),
  token('MaxMind key', '_mmk', '[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk'),
  {
    name: 'Microsoft Teams webhook',
    marks: ['.webhook.office.com'],
    pattern: /\.webhook\.office\.com\/webhookb2\/([\w@-]{70,80}\/IncomingWebhook\/[a-z0-9]{32})/,
  },
  token('Notion token', 'ntn_', 'ntn_[0-9]{11}[A-Za-z0-9]{35}'),
  token('npm token', 'npm_', 'npm_[A-Za-z0-9]{36}'),
  {
    name: 'npm auth token',
    marks: [':_authToken', ':_auth', ':_password'],
    pattern: /:_(?:authToken|auth|password)\s{0,8}=\s{0,8}([^\s$"'{}]{16,})/,
  },
  token('NuGet key', 'oy2', 'oy2[a-z0-9]{43}'),
  token('Octopus Deploy key', 'API-', 'API-[A-Z0-9]{26}'),
  token('OpenAI key', 'sk-', 'sk-(?:proj|svcacct|admin)-[\\w-]{30,}|sk-[A-Za-z0-9]{48}'),
  token('OpenShift token', 'sha256~', 'sha256~[\\w-]{43}'),
  token('Perplexity key', 'pplx-', 'pplx-[a-zA-Z0-9]{48}'),
  token('PlanetScale secret', 'pscale_', 'pscale_(?:tkn|oauth|pw)_[\\w=.-]{32,64}'),
  token('Postman key', 'PMAK-', 'PMAK-[a-fA-F0-9]{24}-[a-fA-F0-9]{34}'),
  token('Prefect token', 'pnu_', 'pnu_[a-zA-Z0-9]{36}'),
  token('Pulumi token', 'pul-', 'pul-[a-f0-9]{40}'),
  token('PyPI token', 'pypi-AgE', 'pypi-AgE[\\w-]{50,}'),
  token('ReadMe key', 'rdme_', 'rdme_[a-z0-9]{70}'),
  token('RubyGems key', 'rubygems_', 'rubygems_[a-f0-9]{48}'),
  token('Scalingo token', 'tk-us-', 'tk-us-[\\w-]{48}'),
  token('SendGrid key', 'SG.', 'SG\\.[\\w-]{22}\\.[\\w-]{43}'),
  token('Brevo key', 'xkeysib-', 'xkeysib-[a-f0-9]{64}-[a-zA-Z0-9]{16}'),
  token('Sentry token', 'sntrys_eyJ sntryu_', 'sntrys_eyJ[\\w+/=-]{40,}|sntryu_[a-f0-9]{64}'),
  token('SettleMint token', 'sm_aat_ sm_pat_ sm_sat_', 'sm_[aps]at_[a-zA-Z0-9]{16}'),
  token('Shippo token', 'shippo_', 'shippo_(?:live|test)_[a-fA-F0-9]{40}'),
  token('Shopify token', 'shpat_ shpca_ shppa_ shpss_', 'shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}'),
  token('Slack token', 'xox', 'xox[abeoprs]-(?:\\d{1,15}-){1,5}[A-Za-z0-9-]{10,}'),
  token(
    'Slack token',
    'xoxe xapp-',
    'xoxe(?:\\.xox[bp])?-\\d-[A-Z0-9]{100,}|xapp-\\d-[A-Z0-9]{4,}-\\d{4,}-[a-z0-9]{20,}',
  ),
  {
    name: 'Slack webhook',
    marks: ['hooks.slack.com'],
    pattern: /hooks\.slack\.com\/(?:services|workflows|triggers)\/(T\w{8,}\/[AB]?\w{8,}\/\w{20,})/,
  },
  {
    name: 'Discord webhook',
    marks: ['/api/webhooks/'],
    pattern: /discord(?:app)?\.com\/api\/webhooks\/(\d{17,20}\/[\w-]{60,70})/,
  },
  token('Tailscale key', 'tskey-', 'tskey-[a-z]{2,20}-\\w{8,40}-\\w{16,60}'),
  token('Telegram bot token', ':AA', '\\d{8,10}:AA[\\w-]{33}'),
  token('Sourcegraph token', 'sgp_', 'sgp_(?:(?:[a-fA-F0-9]{16}|local)_)?[a-fA-F0-9]{40}'),
  token('Square token', 'sq0atp- sq0csp-', 'sq0(?:atp|csp)-[\\w-]{22,60}'),
  token(
    'Stripe key',
    'sk_live_ sk_test_ sk_prod_ rk_live_ rk_test_ rk_prod_',
    '[sr]k_(?:live|test|prod)_[A-Za-z0-9]{16,}',
  ),
  token('Stripe webhook secret', 'whsec_', 'whsec_[A-Za-z0-9+/]{32,}={0,2}'),
  token('Twilio key', 'SK', 'SK[0-9a-f]{32}'),
  token('Vercel token', 'vcp_ vci_ vca_ vcr_ vck_', 'vc[piark]_[A-Za-z0-9]{20,60}'),
  token('JSON Web Token', 'eyJ', 'eyJ[\\w-]{10,}\\.eyJ[\\w-]{10,}\\.[\\w-]{20,}'),
];

/** A text without one of these literals has no token: most lines need no further check. */
export const TOKEN_MARK = new RegExp(
  [...new Set(TOKEN_FORMATS.flatMap(({ marks }) => marks))].map((mark) => mark.replace(/[.\\/]/g, '\\$&')).join('|'),
);
