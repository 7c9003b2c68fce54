/**
 * The certificate authorities that the worker's programs believe, for the programs of an install step: variables and files.
 */
import { readFile } from 'node:fs/promises';

/** Each names a file of certificates. */
const FILE_VARIABLES = [
  ...['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'],
  ...['CARGO_HTTP_CAINFO', 'npm_config_cafile', 'NPM_CONFIG_CAFILE', 'YARN_HTTPS_CA_FILE_PATH', 'AWS_CA_BUNDLE'],
];
/** Folders and files that the sandbox shows anyway. */
const SHOWN = /^\/(usr|etc\/ssl\/certs|etc\/pki\/tls\/certs)(\/|$)/;

export async function certificates(
  env: Readonly<Record<string, string>>,
): Promise<{ env: Record<string, string>; files: Array<{ path: string; text: string }> }> {
  const given: Record<string, string> = {};
  const files = new Map<string, { path: string; text: string }>();
  const folder = env['SSL_CERT_DIR'];
  if (folder !== undefined && SHOWN.test(folder)) given['SSL_CERT_DIR'] = folder;
  for (const name of FILE_VARIABLES) {
    const from = env[name];
    if (from === undefined || from === '') continue;
    if (SHOWN.test(from)) given[name] = from;
    else {
      const known = files.get(from) ?? (await laid(from, files.size));
      if (known === undefined) continue;
      files.set(from, known);
      given[name] = known.path;
    }
  }
  // uv and cargo believe their own lists unless they are told otherwise.
  const bundle = given['SSL_CERT_FILE'] ?? given['CURL_CA_BUNDLE'] ?? given['NODE_EXTRA_CA_CERTS'];
  const told =
    bundle === undefined ? {} : { UV_NATIVE_TLS: '1', CARGO_HTTP_CAINFO: bundle, NODE_EXTRA_CA_CERTS: bundle };
  return { env: { ...told, ...given }, files: [...files.values()] };
}

/** A file with a private key in it is no list of certificates, and is not shown. */
async function laid(from: string, index: number): Promise<{ path: string; text: string } | undefined> {
  const text = await readFile(from, 'utf8').catch(() => undefined);
  if (text === undefined || text.includes('PRIVATE KEY')) return undefined;
  return { path: `/run/q/certificates-${index}.pem`, text };
}
