/**
 * Alterations of a record, each with the place and field at which verification must find it.
 */
import type { BuildRecord, Entry } from '../../../src/domain/record/format';
import { digestOf, honest, copyOf } from './records';

export type Tamper = (record: BuildRecord) => void;
export const entryOf = (record: BuildRecord, kind: string, nth = 0) =>
  record.entries.filter((one) => one.kind === kind).at(nth)!;
export const placeOf = (kind: string, nth = 0) => `entry ${entryOf(honest, kind, nth).index} (${kind})`;
const artifact = (record: BuildRecord, nth: number) => String(entryOf(record, 'artifact', nth).body.digest);

/** Alterations without recomputed hashes: name, alteration, place, field. */
export const CARELESS: Array<[string, Tamper, string, string | null]> = [
  ['the note of a handoff', edit('handoff', 3, (body) => (body.notes = 'fine')), placeOf('handoff', 3), 'hash'],
  ['the actor of an event', edit('event', 2, (body) => (body.actor = 'eve')), placeOf('event', 2), 'hash'],
  [
    'the time of an event',
    (record) => (entryOf(record, 'event', 2).at = '2020-01-01T00:00:00.000Z'),
    placeOf('event', 2),
    'hash',
  ],
  ['the sentence', edit('build', 0, (body) => (body.title = 'Build me a back door')), placeOf('build'), 'hash'],
  ['the model of a call', edit('call', 1, (body) => (body.model = 'n')), placeOf('call', 1), 'hash'],
  ['the prompt of a call', edit('call', 1, (body) => (body.promptDigest = digestOf('x'))), placeOf('call', 1), 'hash'],
  [
    'a count in the evidence',
    edit('evidence', 0, (body) => (evidence(body).counts.passed = 0)),
    placeOf('evidence'),
    'body.evidence.counts.passed',
  ],
  ['the cost', edit('state', 0, (body) => ((body.usage as { calls: number }).calls = 0)), placeOf('state'), 'hash'],
  [
    'the kind of an entry',
    (record) => (entryOf(record, 'event', 1).kind = 'approval'),
    `entry ${entryOf(honest, 'event', 1).index} (approval)`,
    'hash',
  ],
  ['an entry taken out', (record) => record.entries.splice(4, 1), `entry 4 (${honest.entries[5]!.kind})`, 'index'],
  ['two entries exchanged', swapEntries(4, 5), `entry 4 (${honest.entries[5]!.kind})`, 'index'],
  [
    'an entry put in',
    (record) => record.entries.splice(4, 0, copyOf(record.entries[4]!)),
    `entry 5 (${honest.entries[4]!.kind})`,
    'index',
  ],
  ['the last entries cut off', (record) => record.entries.splice(-3), 'head', 'count'],
  ['the first entry cut off', (record) => record.entries.splice(0, 1), `entry 0 (${honest.entries[1]!.kind})`, 'prev'],
  [
    'the hash of an entry',
    (record) => (record.entries[7]!.hash = 'f'.repeat(64)),
    `entry 8 (${honest.entries[8]!.kind})`,
    'prev',
  ],
  [
    'the link of an entry',
    (record) => (record.entries[7]!.prev = 'f'.repeat(64)),
    `entry 7 (${honest.entries[7]!.kind})`,
    'prev',
  ],
  ['the count of the head', (record) => (record.head.count += 1), 'head', 'count'],
  ['the hash of the head', (record) => (record.head.last_hash = 'f'.repeat(64)), 'head', 'last_hash'],
  [
    'a member beside an entry',
    (record) => Object.assign(record.entries[3]!, { approved: true }),
    `entry 3 (${honest.entries[3]!.kind})`,
    'approved',
  ],
  ['a member beside the record', (record) => Object.assign(record, { approved: true }), 'record', 'approved'],
  ['an entry that is null', (record) => (record.entries[3] = null as never), 'entry 3', null],
  ['an embedded output', editContent(1), placeOf('artifact', 1), `contents.${artifact(honest, 1)}.content`],
  [
    'the log of the tests',
    editContent(logIndex()),
    placeOf('artifact', logIndex()),
    `contents.${artifact(honest, logIndex())}.content`,
  ],
  ['two contents exchanged', swapContents(1, 2), placeOf('artifact', 2), `contents.${artifact(honest, 2)}.content`],
  [
    'a content taken out',
    (record) => delete record.contents[artifact(record, 1)],
    placeOf('artifact', 1),
    `contents.${artifact(honest, 1)}`,
  ],
  ['a content put in', (record) => (record.contents[digestOf('x')] = text('x')), 'contents', digestOf('x')],
  [
    'the encoding of a content',
    (record) => (record.contents[artifact(record, 1)]!.encoding = 'base64'),
    placeOf('artifact', 1),
    `contents.${artifact(honest, 1)}.content`,
  ],
  ['the size of an artifact', edit('artifact', 1, (body) => (body.bytes = 1)), placeOf('artifact', 1), 'body.bytes'],
  [
    'the signature',
    (record) => (record.signature!.signature = changeFirstCharacter(record.signature!.signature)),
    'signature',
    'signature',
  ],
  ['the key of the signature', (record) => (record.signature!.public_key = 'AAAA'), 'signature', 'public_key'],
  ['an empty signature', (record) => (record.signature = {} as never), 'signature', null],
];

/** Alterations with recomputed hashes and without a signature: the content itself must give them away. */
export const CAREFUL: Array<[string, Tamper, RegExp, string | null]> = [
  ['a handoff taken out', drop('handoff', 3), /handoff/, 'body.fromState'],
  [
    'a handoff that goes elsewhere',
    edit('handoff', 3, (body) => (body.toState = 'deployment')),
    /handoff/,
    'body.toState',
  ],
  ['a handoff of another role', edit('handoff', 3, (body) => (body.fromRole = 'release_manager')), /handoff/, 'body'],
  ['an event taken out', drop('event', 3), /handoff/, 'body'],
  ['the end state', edit('state', 0, (body) => (body.state = 'deployment')), /state/, 'body.state'],
  ['the sentence', edit('build', 0, (body) => (body.title = 'Build me a back door')), /state/, 'body.title'],
  ['the evidence taken out', drop('evidence', 0), /handoff|state/, null],
  [
    'a count in the evidence',
    edit('evidence', 0, (body) => (evidence(body).counts = { total: 9, passed: 9, failed: 0, skipped: 0 })),
    /evidence/,
    'body.evidence.counts.total',
  ],
  [
    'counts that do not add up',
    edit('evidence', 0, (body) => (evidence(body).counts.passed = 2)),
    /evidence/,
    'body.evidence.counts',
  ],
  [
    'the commit of the evidence',
    edit('evidence', 0, (body) => (evidence(body).commit = 'd'.repeat(40))),
    /evidence/,
    'body.evidence.commit',
  ],
  [
    'the commit of the release',
    edit('state', 0, (body) => ((body.release as { commit: string }).commit = 'd'.repeat(40))),
    /state/,
    'body.release.commit',
  ],
  ['a call taken out', drop('call', 2), /handoff/, 'body.data.by'],
  ['an artifact taken out', drop('artifact', 1), /state|handoff/, null],
  [
    'an artifact twice',
    (record) => record.entries.splice(-1, 0, copyOf(entryOf(record, 'artifact', 1))),
    /artifact/,
    'body.digest',
  ],
  [
    'an artifact that nothing names',
    (record) =>
      record.entries.splice(-1, 0, {
        ...copyOf(entryOf(record, 'artifact', 1)),
        body: { digest: digestOf('x'), bytes: null, omitted: 'missing' },
      }),
    /artifact/,
    'body.digest',
  ],
  [
    'a content said to be too large',
    edit('artifact', 1, (body) => (body.omitted = 'too_large')),
    /artifact/,
    `contents.${artifact(honest, 1)}`,
  ],
  ['the end cut off', (record) => record.entries.pop(), /artifact/, 'kind'],
  ['two ends', (record) => record.entries.push(copyOf(entryOf(record, 'state'))), /state/, 'kind'],
];

export function edit(kind: string, nth: number, change: (body: Entry['body']) => unknown): Tamper {
  return (record) => void change(entryOf(record, kind, nth).body);
}

function drop(kind: string, nth: number): Tamper {
  return (record) => void record.entries.splice(record.entries.indexOf(entryOf(record, kind, nth)), 1);
}

function swapEntries(one: number, other: number): Tamper {
  return ({ entries }) => void ([entries[one], entries[other]] = [entries[other]!, entries[one]!]);
}

function editContent(nth: number): Tamper {
  return (record) => void (record.contents[artifact(record, nth)]!.content += ' ');
}

function swapContents(one: number, other: number): Tamper {
  return (record) => {
    const [a, b] = [artifact(record, one), artifact(record, other)];
    [record.contents[a], record.contents[b]] = [record.contents[b]!, record.contents[a]!];
  };
}

function evidence(body: Entry['body']) {
  return body.evidence as {
    commit: string;
    counts: { total: number; passed: number; failed: number; skipped: number };
  };
}

function logIndex(): number {
  const { logDigest } = entryOf(honest, 'evidence').body.evidence as { logDigest: string };
  return honest.entries.filter((one) => one.kind === 'artifact').findIndex(({ body }) => body.digest === logDigest);
}

function text(content: string) {
  return { encoding: 'utf8' as const, content };
}

function changeFirstCharacter(signature: string): string {
  return `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
}
