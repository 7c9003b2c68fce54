/**
 * Checks artifacts: each named digest has an entry, each content matches its digest, and there is no unnamed content.
 */
import { digestOfHex } from '../../ids';
import { isObject } from '../../json';
import { placeOf } from '../format';
import type { Body, Content, Entry, Flaw, Hashing } from '../format';
import { referencesOf } from '../reference-index';
import { redactedContents } from '../redactions';
import type { RedactedContent } from '../redactions';

const OMISSIONS: readonly unknown[] = ['too_large', 'missing', 'damaged'];

export function checkContents(entries: readonly Entry[], contents: unknown, hashing: Hashing): Flaw[] {
  if (!isObject(contents))
    return [{ where: 'contents', field: null, message: 'must be an object of contents by digest' }];
  const redacted = redactedContents(entries);
  const artifacts = entries.filter(({ kind }) => kind === 'artifact');
  const artifactDigests = new Set(artifacts.map(({ body }) => body.digest));
  const unnamedDigests = Object.keys(contents).filter((digest) => !artifactDigests.has(digest));
  return [
    ...artifacts.flatMap((entry) => checkArtifact(entry, { contents, redacted }, hashing)),
    ...unnamedDigests.map((digest) => ({
      where: 'contents',
      field: digest,
      message: 'belongs to no artifact of this record',
    })),
    ...checkMentions(entries, artifacts, contents),
  ];
}

/** Checks one artifact; a redacted content is checked against the digest in its redaction entry. */
function checkArtifact(
  entry: Entry,
  { contents, redacted }: { contents: Body; redacted: Map<string, RedactedContent> },
  hashing: Hashing,
): Flaw[] {
  const where = placeOf(entry);
  const { digest, omitted } = entry.body;
  const redaction = redacted.get(String(digest));
  const [expected, bytes] =
    redaction === undefined ? [digest, entry.body.bytes] : [redaction.redactedDigest, redaction.redactedBytes];
  const path = `contents.${String(digest)}`;
  const content = Object.hasOwn(contents, String(digest)) ? contents[String(digest)] : undefined;
  if (omitted !== null) {
    if (!OMISSIONS.includes(omitted))
      return [{ where, field: 'body.omitted', message: 'is no reason to leave it out' }];
    return content === undefined ? [] : [{ where, field: path, message: 'is there, though the entry says it is not' }];
  }
  if (content === undefined) return [{ where, field: path, message: 'is missing: the content was taken out' }];
  if (!isContent(content)) return [{ where, field: path, message: 'must be {encoding, content} and nothing more' }];
  const measured = hashing.measure(content);
  const flaws: Flaw[] = [];
  const actualDigest = digestOfHex(measured.sha256);
  if (actualDigest !== expected) {
    const message = `has the digest ${actualDigest}: the content was changed or exchanged`;
    flaws.push({ where, field: `${path}.content`, message });
  }
  if (measured.bytes !== bytes) {
    flaws.push({ where, field: 'body.bytes', message: `is ${String(bytes)}, but the content has ${measured.bytes}` });
  }
  return flaws;
}

function isContent(value: unknown): value is Content {
  if (!isObject(value) || Object.keys(value).length !== 2) return false;
  return typeof value.content === 'string' && (value.encoding === 'utf8' || value.encoding === 'base64');
}

function checkMentions(entries: readonly Entry[], artifacts: readonly Entry[], contents: Body): Flaw[] {
  const mentioned = referencesOf(entries, contents);
  const digests = artifacts.map(({ body }) => body.digest);
  const missing = [...mentioned].filter(([digest]) => !digests.includes(digest));
  const unnamedArtifacts = artifacts.filter(({ body }) => !mentioned.has(String(body.digest)));
  const duplicates = artifacts.filter(({ body }, index) => digests.indexOf(body.digest) !== index);
  return [
    ...missing.map(([digest, entry]) => ({
      ...{ where: placeOf(entry), field: null },
      message: `names ${digest}, and the record has no artifact of that digest`,
    })),
    ...unnamedArtifacts.map((entry) => ({
      where: placeOf(entry),
      field: 'body.digest',
      message: 'is named by nothing',
    })),
    ...duplicates.map((entry) => ({ where: placeOf(entry), field: 'body.digest', message: 'stands there twice' })),
  ];
}
