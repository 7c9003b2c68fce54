/**
 * Tests that keys from files and from MODEL_SETTINGS reach the provider and appear in no failure.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createModel } from '../../../src/adapters/models/create-model';
import { readChain } from '../../../src/adapters/models/model-spec';
import * as server from './faulty-server';
import { PROTOCOLS, settingsWith } from './protocols';
import type { Protocol } from './protocols';
import { aRequest, failureOfCall } from './request';

const [anthropic, , compatible] = PROTOCOLS as [Protocol, Protocol, Protocol];
let faulty: server.FaultyServer | undefined;
let folder: string;
beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'secrets-'))));
afterEach(async () => {
  await faulty?.close();
  faulty = undefined;
  rmSync(folder, { recursive: true });
});

test('a key from a file appears in no failure', async () => {
  const file = path.join(folder, 'key');
  writeFileSync(file, 'plain-words-as-a-key');
  faulty = await server.faultyServer(server.status(401, {}, 'the key plain-words-as-a-key is unknown'));
  const access = { anthropic: { apiKey: undefined, baseUrl: `${faulty.origin}/v1` } };
  const model = createModel(readChain(anthropic.spec), {
    ...settingsWith(access),
    keyFiles: { ANTHROPIC_API_KEY: file },
  });
  expect((await failureOfCall(model.call(aRequest()))).detail).toBe('the key [left out] is unknown');
});

test('headers and body members of MODEL_SETTINGS appear in no failure', async () => {
  const reply = server.status(
    400,
    {},
    'header word-of-proxy, user nested-words, and token of-this-gateway are unknown',
  );
  faulty = await server.faultyServer(reply, reply, reply);
  const tuning = {
    headers: { 'X-Proxy': 'Token word-of-proxy' },
    extraBody: { meta: [{ user: 'nested-words' }], gateway: 'of-this-gateway' },
  };
  const settings = { ...settingsWith(compatible.access(faulty.origin)), tunings: { 'compatible:*': tuning } };
  const { detail } = await failureOfCall(createModel(readChain(compatible.spec), settings).call(aRequest()));
  expect(detail).toContain('header [left out], user [left out], and token [left out] are unknown');
});

test('a key file that cannot be read is named by its variable, not by its path', async () => {
  const keyFiles = { ANTHROPIC_API_KEY: path.join(folder, 'gone') };
  const settings = {
    ...settingsWith({ anthropic: { apiKey: undefined, baseUrl: 'http://127.0.0.1:1/v1' } }),
    keyFiles,
  };
  const { message } = await failureOfCall(
    (async () => createModel(readChain(anthropic.spec), settings).call(aRequest()))(),
  );
  expect(message).toContain('ANTHROPIC_API_KEY_FILE');
  expect(message).not.toContain(folder);
});
