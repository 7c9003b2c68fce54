/** Tests the payload codec: an encrypted payload can be decrypted only with its key, and only unchanged. Also tests the key file. */
import { inspect } from 'node:util';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import { createPayloadCodec } from '../../../src/adapters/temporal/codec';
import { readPayloadKeys } from '../../../src/adapters/temporal/payload-keys';
import { ConfigError, readConfig } from '../../../src/programs/config';
import { keyLine, writeKeys } from '../../payload-keys';

const VALUE = { requirements: 'Build me a dark mode feature' };
const payloadOf = (value: unknown): Payload => defaultPayloadConverter.toPayload(value) as Payload;
const valueOf = (payload: Payload | undefined): unknown => defaultPayloadConverter.fromPayload(payload as Payload);
const codecOf = (...lines: string[]) => createPayloadCodec(readPayloadKeys(writeKeys(...lines)));
const OLD = keyLine('2026-05');
const NEW = keyLine('2026-11');

test('S17: an encrypted payload contains nothing of the value, and is decrypted to the same value', async () => {
  const codec = codecOf(NEW);
  const [encrypted] = await codec.encode([payloadOf(VALUE)]);
  expect(Buffer.from(encrypted!.data!).toString('latin1')).not.toMatch(/requirements|dark mode|json/);
  const metadata = Object.entries(encrypted!.metadata!).map(([name, value]) => [name, Buffer.from(value).toString()]);
  expect(Object.fromEntries(metadata)).toEqual({ encoding: 'binary/encrypted', 'encryption-key-id': '2026-11' });
  const [decrypted] = await codec.decode([encrypted!]);
  expect(valueOf(decrypted)).toEqual(VALUE);
});

test('the same value is encrypted to different bytes each time', async () => {
  const codec = codecOf(NEW);
  const encrypted = await codec.encode(Array.from({ length: 200 }, () => payloadOf(VALUE)));
  expect(new Set(encrypted.map(({ data }) => Buffer.from(data!).toString('hex').slice(0, 24))).size).toBe(200);
});

test('the first key encrypts and each key decrypts; the error for a removed key names it', async () => {
  const [oldPayload] = await codecOf(OLD).encode([payloadOf(VALUE)]);
  const rotatedCodec = codecOf(NEW, OLD);
  expect(valueOf((await rotatedCodec.decode([oldPayload!]))[0])).toEqual(VALUE);
  const [newPayload] = await rotatedCodec.encode([payloadOf(VALUE)]);
  expect(valueOf((await codecOf(NEW).decode([newPayload!]))[0])).toEqual(VALUE);
  await expect(codecOf(NEW).decode([oldPayload!])).rejects.toThrow(
    'a payload was encrypted with the key "2026-05", which PAYLOAD_KEYS_FILE does not have',
  );
});

test('payloads that are not encrypted pass unchanged, also together with encrypted ones', async () => {
  const codec = codecOf(NEW);
  const mixedPayloads = [payloadOf('old'), ...(await codec.encode([payloadOf('new')])), payloadOf(null)];
  expect((await codec.decode(mixedPayloads)).map(valueOf)).toEqual(['old', 'new', null]);
});

test('a changed byte, another key with the same id, and cut data are detected', async () => {
  const codec = codecOf(NEW);
  const [encrypted] = await codec.encode([payloadOf('x')]);
  const bytes = Buffer.from(encrypted!.data!);
  for (let at = 0; at < bytes.length; at += 1) {
    const changedBytes = Buffer.from(bytes);
    changedBytes[at]! ^= 1;
    await expect(codec.decode([{ ...encrypted, data: changedBytes }])).rejects.toThrow(
      'was changed after it was encrypted',
    );
  }
  for (const length of [0, 11, 12, 27, bytes.length - 1])
    await expect(codec.decode([{ ...encrypted, data: bytes.subarray(0, length) }])).rejects.toThrow('was changed');
  await expect(codecOf(keyLine('2026-11')).decode([encrypted!])).rejects.toThrow('another key of that name');
});

test('a payload with a changed key id is not decrypted, even with the same key', async () => {
  const [, key] = NEW.split(' ');
  const [encrypted] = await codecOf(NEW).encode([payloadOf('x')]);
  const renamedPayload = {
    ...encrypted,
    metadata: { ...encrypted!.metadata, 'encryption-key-id': Buffer.from('other') },
  };
  await expect(codecOf(`other ${key}`).decode([renamedPayload])).rejects.toThrow('was changed');
});

const KEY = NEW.split(' ')[1]!;
test.each([
  ['no key at all', [''], 'has no key; write a line "<id> <base64 of 32 bytes>"'],
  ['a key without an id', [KEY], 'is wrong in line 3: it must be "<id> <base64 of 32 bytes>"'],
  ['a third word', [NEW, `b ${KEY} c`], 'is wrong in line 4: it must be'],
  ['an odd id', [`a/b ${KEY}`], 'is wrong in line 3: it must be'],
  ['a short key', ['a c2hvcnQ='], 'is wrong in line 3: the key a has 5 bytes and must have 32'],
  ['no base64', [`a ${'!'.repeat(43)}`], 'is wrong in line 3: the key a is not base64'],
  ['an id that is used twice', [NEW, NEW], 'is wrong in line 4: the id 2026-11 is used twice'],
])('the error for a PAYLOAD_KEYS_FILE with %s names file and line, and shows no key', (_, lines, why) => {
  const PAYLOAD_KEYS_FILE = writeKeys(...lines);
  const read = () => readConfig({ TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml', PAYLOAD_KEYS_FILE });
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(`PAYLOAD_KEYS_FILE="${PAYLOAD_KEYS_FILE}" ${why}`);
  expect(read).not.toThrow(KEY);
});

test('a missing file is an error of one line, and a printed configuration shows no key', () => {
  const settings = { TEMPORAL_CONFIG_FILE: '/nowhere/temporal.toml' };
  expect(() => readConfig({ ...settings, PAYLOAD_KEYS_FILE: '/nowhere/keys' })).toThrow(
    'PAYLOAD_KEYS_FILE="/nowhere/keys" cannot be read (ENOENT)',
  );
  const config = readConfig({ ...settings, PAYLOAD_KEYS_FILE: writeKeys(NEW) });
  expect(JSON.stringify(config) + inspect(config, { depth: 10, showHidden: true })).not.toContain(KEY);
});
