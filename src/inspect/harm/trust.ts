/**
 * Rules for checks of certificates that are turned off, in sources, settings and commands. Pure.
 */
import type { HarmRule } from './rule';

const NO_CERTIFICATE_CHECK = {
  does: 'turns off the checking of certificates',
  why: 'anybody on the way between client and server can read and change the data',
} as const;

export const TRUST: readonly HarmRule[] = [
  {
    ...{ ...NO_CERTIFICATE_CHECK, inText: true },
    pattern: /\bNODE_TLS_REJECT_UNAUTHORIZED\b['"\]]{0,2}\s{0,9}[=:,](?!=)/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, in: ['script'] },
    pattern:
      /\b(?:rejectUnauthorized|strictSSL|strictSsl)\b['"]?\s{0,9}[:=]\s{0,9}(?:false|!1|0)\b|\bcheckServerIdentity\b['"]?\s{0,9}[:=]\s{0,9}(?:\([^()\n]{0,40}\)|\w{1,20})\s{0,9}=>\s{0,9}(?:undefined|null|true|void 0|\{\s{0,20}\})/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, after: 'bandit B323 and B501', in: ['python'] },
    pattern:
      /\b_create_default_https_context\s{0,9}=(?!=)|\b_create_unverified_context\b|(?<=[(,\s])verify\s{0,3}=\s{0,3}False\b(?=\s{0,9}[,)])|\bverify_(?:ssl|certs)\s{0,3}=\s{0,3}False\b(?=\s{0,9}[,)])|\.verify\s{0,3}=\s{0,3}False\b|\bverify_mode\s{0,3}=\s{0,3}(?:ssl\.)?CERT_NONE\b|\bcert_reqs\s{0,3}=\s{0,3}(?:'CERT_NONE'|(?:ssl\.)?CERT_NONE\b)|\bcheck_hostname\s{0,3}=\s{0,3}False\b/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, after: 'gosec G402', in: ['braces'] },
    pattern: /\bInsecureSkipVerify\s{0,9}[:=]\s{0,9}true\b/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, in: ['rust'] },
    pattern: /\bdanger_accept_invalid_(?:certs|hostnames)\(\s{0,9}true|\bSslVerifyMode::NONE\b/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, in: ['braces'] },
    pattern:
      /\bTrustAll\w{0,30}|\bALLOW_ALL_HOSTNAME_VERIFIER\b|\bNoopHostnameVerifier\b|\bAllowAllHostnameVerifier\b|\bcheckServerTrusted\([^()]{0,160}\)[^{;]{0,80}\{\s{0,80}\}|\bset(?:Default)?HostnameVerifier\(\s{0,9}\([^()]{0,60}\)\s{0,9}->\s{0,9}true|\bServerCertificate\w{0,40}Callback\s{0,9}\+?=[^;]{0,120}\btrue\b|\bDangerousAcceptAnyServerCertificateValidator\b|\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,9},\s{0,9}0/g,
  },
  {
    ...{ ...NO_CERTIFICATE_CHECK, in: ['php', 'ruby'] },
    pattern:
      /\bCURLOPT_SSL_VERIFY(?:PEER|HOST)\s{0,9}(?:,|=>)\s{0,9}(?:false|0)\b|\bVERIFY_NONE\b|'verify_peer(?:_name)?'\s{0,9}=>\s{0,9}false/g,
  },
];

/** Rules for the unchanged text of scripts, Dockerfiles and settings. */
export const TRUST_IN_COMMANDS: readonly HarmRule[] = [
  { ...NO_CERTIFICATE_CHECK, pattern: /\bNODE_TLS_REJECT_UNAUTHORIZED["']?\s{0,9}[=:]\s{0,9}["']?0/g },
  {
    ...NO_CERTIFICATE_CHECK,
    pattern:
      /\bcurl\b[^\n|;&]{0,200}\s(?:-[a-zA-Z]{0,8}k[a-zA-Z]{0,8}|--insecure)(?=\s|$)|\bwget\b[^\n|;&]{0,200}--no-check-certificate\b|\bGIT_SSL_NO_VERIFY\s{0,3}[=:]|\bhttp\.sslVerify[= ]["']?false|\bPYTHONHTTPSVERIFY\s{0,3}[=:]\s{0,3}["']?0|\bstrict-ssl[= ]["']?false/gm,
  },
];
