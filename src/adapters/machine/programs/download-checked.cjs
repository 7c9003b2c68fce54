// @ts-check
/**
 * Downloads an archive and extracts one file from it. Removes the file again if it does not have the expected SHA-256.
 * Arguments: the URL of a JSON object `{archiveUrl, fileToExtract}`, the folder, the SHA-256 of the file.
 *
 * It does not run the file. Proxies come from the environment.
 */
'use strict';
const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const { createReadStream, createWriteStream, rmSync } = require('node:fs');
const { join } = require('node:path');
const { pipeline } = require('node:stream/promises');
const { EnvHttpProxyAgent, fetch } = require('undici');

const [, , infoUrl = '', folder = '', expectedSha256 = ''] = process.argv;
const dispatcher = new EnvHttpProxyAgent();

/** @param {string} url */
async function get(url) {
  const answer = await fetch(url, { dispatcher });
  if (!answer.ok || answer.body === null) throw new Error(`${new URL(url).host} answered ${answer.status}`);
  return answer;
}

async function main() {
  const { archiveUrl, fileToExtract } = /** @type {Record<string, unknown>} */ (await (await get(infoUrl)).json());
  if (typeof archiveUrl !== 'string' || typeof fileToExtract !== 'string' || !/^[\w.]+$/.test(fileToExtract)) {
    throw new Error(`${new URL(infoUrl).host} names no archive`);
  }
  const archive = join(folder, 'archive.tar.gz');
  const { body } = await get(archiveUrl);
  await pipeline(/** @type {import('node:stream/web').ReadableStream} */ (body), createWriteStream(archive));
  execFileSync('tar', ['-xzf', archive, '-C', folder, '--no-same-owner', '--', fileToExtract]);
  rmSync(archive);
  const hash = createHash('sha256');
  await pipeline(createReadStream(join(folder, fileToExtract)), hash);
  const actualSha256 = hash.digest('hex');
  if (actualSha256 === expectedSha256) return;
  rmSync(join(folder, fileToExtract));
  throw new Error(`refused: it has the sha256 ${actualSha256}, and ${expectedSha256} is pinned`);
}

main()
  .then(() => dispatcher.close())
  .catch((error) => {
    const { cause } = error;
    console.error(`${error.message}${cause instanceof Error ? ` (${cause.message})` : ''}`.split('\n')[0]);
    process.exit(1);
  });
