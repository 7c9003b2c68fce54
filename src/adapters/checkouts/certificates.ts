/**
 * Passes the certificate authorities that the worker trusts on to the programs of a setup step, as variables and files.
 */
import { readFile } from 'node:fs/promises';

/** Variables that name a file of certificates. */
const FILE_VARIABLES = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
  ...['CARGO_HTTP_CAINFO', 'npm_config_cafile', 'NPM_CONFIG_CAFILE', 'YARN_HTTPS_CA_FILE_PATH', 'AWS_CA_BUNDLE'],
];
/** Paths that every sandbox can read. */
const READABLE_PATH = /^\/(usr|etc\/ssl\/certs|etc\/pki\/tls\/certs)(\/|$)/;

export async function collectCertificates(
  env: Readonly<Record<string, string>>,
): Promise<{ env: Record<string, string>; files: Array<{ path: string; text: string }> }> {
  const variables: Record<string, string> = {};
  const files = new Map<string, { path: string; text: string }>();
  const folder = env['SSL_CERT_DIR'];
  if (folder !== undefined && READABLE_PATH.test(folder)) variables['SSL_CERT_DIR'] = folder;
  for (const name of FILE_VARIABLES) {
    const from = env[name];
    if (from === undefined || from === '') continue;
    if (READABLE_PATH.test(from)) variables[name] = from;
    else {
      const copy = files.get(from) ?? (await copyOf(from, files.size));
      if (copy === undefined) continue;
      files.set(from, copy);
      variables[name] = copy.path;
    }
  }
  // uv and cargo trust their own lists unless a variable names another one.
  const bundle = variables['SSL_CERT_FILE'] ?? variables['CURL_CA_BUNDLE'] ?? variables['NODE_EXTRA_CA_CERTS'];
  const defaults =
    bundle === undefined ? {} : { UV_NATIVE_TLS: '1', CARGO_HTTP_CAINFO: bundle, NODE_EXTRA_CA_CERTS: bundle };
  return { env: { ...defaults, ...variables }, files: [...files.values()] };
}

/** Returns undefined for a file that cannot be read or contains a private key: a key must not get into the sandbox. */
async function copyOf(from: string, index: number): Promise<{ path: string; text: string } | undefined> {
  const text = await readFile(from, 'utf8').catch(() => undefined);
  if (text === undefined || text.includes('PRIVATE KEY')) return undefined;
  return { path: `/run/q/certificates-${index}.pem`, text };
}
