/**
 * Finds what a change loosens, row by row: awaited calls, encrypted connections, hidden values, file permissions,
 * payment accounts. Pure.
 */
import { countRowsWith } from '../../rows-with';
import type { Harm } from '../rule';
import { firstBy, alteredRow } from './hunk';
import type { Altered, Hunk, Row } from './hunk';

type Loss = Pick<Harm, 'does' | 'why'>;

const NOT_AWAITED: Loss = {
  does: 'no longer waits for what it waited for',
  why: 'what comes next runs before it is done, and its error reaches nobody',
};
const UNENCRYPTED: Loss = {
  does: 'sends in the clear what was encrypted on the way',
  why: 'anybody between the two can read and change what is sent',
};
const REVEALED: Loss = {
  does: 'shows what was hidden',
  why: 'what was left out of answers and logs stands in them now',
};
const READABLE_FILE: Loss = {
  does: 'makes a file that one account could read as others are',
  why: 'other accounts of the machine can read it now',
};
const OTHER_ACCOUNT: Loss = {
  does: 'puts another account or mailbox in the place of the one that stood there',
  why: 'what went to the one goes to the other',
};

/** Each check reads one hunk: its removed rows next to its added rows. */
export function loosened({ hunks, after }: Altered): Harm[] {
  const removedTexts = hunks.flatMap(({ removed }) => removed.map(({ text }) => text));
  const remaining: Remaining = {
    secure: countRowsWith(new Set(removedTexts.flatMap((text) => SECURE.exec(text)?.[0] ?? [])), after),
    hidingMarks: countRowsWith(new Set(removedTexts.flatMap((text) => HIDING_MARK.exec(text)?.[0] ?? [])), after),
    hasOwnMode: after.some((text) => OWN_MODE.test(text)),
  };
  return hunks.flatMap((hunk) => [
    ...noLongerAwaited(hunk),
    ...unencrypted(hunk, remaining),
    ...revealed(hunk, remaining),
    ...readableFiles(hunk, remaining),
    ...otherAccount(hunk),
  ]);
}

/** Words of removed rows that other rows of the file still contain. */
interface Remaining {
  secure: ReadonlyMap<string, unknown>;
  hidingMarks: ReadonlyMap<string, unknown>;
  hasOwnMode: boolean;
}

const AWAIT = /\bawait\s+|\.await\b/;
/** The name of the awaited call. */
const AWAITED = /\bawait\s+([\w$.]{1,100})\s?\(/;

function noLongerAwaited({ removed, added }: Hunk): Harm[] {
  const awaited = removed.filter(({ text }) => AWAIT.test(text));
  if (awaited.length === 0) return [];
  const byStatement = firstBy(added, ({ text }) => withoutSpaces(text));
  // Only statements: a returned or stored promise may be awaited elsewhere.
  const byCall = firstBy(added, ({ text }) => /^[^(]{1,100}(?=\()/.exec(text.trim())?.[0]);
  return awaited.flatMap((was) => {
    const bare = withoutSpaces(was.text.replace(AWAIT, ''));
    const called = AWAITED.exec(was.text)?.[1];
    const rows = [byStatement.get(bare), called === undefined ? undefined : byCall.get(called)];
    const [row] = rows.filter((one) => one !== undefined).sort((a, b) => a.line - b.line);
    return row === undefined ? [] : [alteredRow(NOT_AWAITED, row, was)];
  });
}

function withoutSpaces(text: string): string {
  return text.replace(/[\s()]+/g, '');
}

const SECURE = /\b(https|wss|ftps|amqps|rediss|ldaps|mqtts|smtps|grpcs):\/\/([\w.${}-]+)/;
const CLEAR: Readonly<Record<string, string>> = {
  ...{ https: 'http', wss: 'ws', ftps: 'ftp', amqps: 'amqp', rediss: 'redis', ldaps: 'ldap', mqtts: 'mqtt' },
  ...{ smtps: 'smtp', grpcs: 'grpc' },
};
const OWN_MACHINE = /^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal|www\.w3\.org)/;

function unencrypted({ removed, added }: Hunk, { secure }: Remaining): Harm[] {
  const connections = removed.flatMap((was) => {
    const [address = '', scheme = '', host = ''] = SECURE.exec(was.text) ?? [];
    const isOpen = host !== '' && !OWN_MACHINE.test(host) && !secure.has(address);
    return isOpen ? [{ was, clear: `${CLEAR[scheme] ?? ''}://${host}` }] : [];
  });
  const found = countRowsWith(new Set(connections.map(({ clear }) => clear)), texts(added));
  return connections.flatMap(({ was, clear }) => {
    const row = added[found.get(clear)?.firstRow ?? -1];
    return row === undefined ? [] : [alteredRow(UNENCRYPTED, row, was)];
  });
}

function texts(rows: readonly Row[]): string[] {
  return rows.map(({ text }) => text);
}

/** Marks that keep a value out of answers, logs and texts. */
const HIDING_MARK =
  /json:.-|@JsonIgnore\b|@Exclude\(\)|\bserde\(skip(?:_serializing)?\)|\bselect:\s?false\b|\bexclude\s?=\s?True\b|\bwrite_only\s?=\s?True\b|\brepr\s?=\s?False\b|\[JsonIgnore\]|\*\*\*|\bredact\w{0,12}\b|\bmask\w{0,12}\(|\[hidden\]|\$hidden\b|@Sensitive\b|toJSON\b/i;
/** Words of a row: names and types. */
const NAMES = /[A-Za-z_]\w{2,}/g;

/** A text for logs that contains less than the whole value. */
const OWN_TEXT = /\bimpl\b.{0,60}\b(?:Debug|Display) for\b|\bdef __(?:repr|str)__\b|\btoString\(\)|\bToString\(\)/;
const WHOLE_TEXT = /\bderive\([^)]*\bDebug\b|@dataclass\b|@Data\b|@ToString\b|\brecord\s+\w/;

function revealed({ removed, added }: Hunk, { hidingMarks }: Remaining): Harm[] {
  const hiding = removed.filter(({ text }) => OWN_TEXT.test(text) || HIDING_MARK.test(text));
  if (hiding.length === 0) return [];
  const whole = added.find(({ text }) => WHOLE_TEXT.test(text));
  const byName = new Map<string, Row>();
  for (const row of added) {
    if (HIDING_MARK.test(row.text)) continue;
    for (const name of namesIn(row.text)) if (!byName.has(name)) byName.set(name, row);
  }
  return hiding.flatMap((was) => {
    if (whole !== undefined && OWN_TEXT.test(was.text)) return [alteredRow(REVEALED, whole, was)];
    const mark = HIDING_MARK.exec(was.text)?.[0];
    if (mark === undefined) return [];
    const words = namesIn(was.text.replace(mark, ' '));
    const row = byName.get(words[0] ?? '');
    if (row !== undefined) return [alteredRow(REVEALED, row, was)];
    // The change removes only the mark; the value below it remains.
    const isAlone = words.length === 0 || /^\s*[@[#]/.test(was.text);
    return isAlone && !hidingMarks.has(mark) && added.length === 0 ? [alteredRow(REVEALED, was, was)] : [];
  });
}

function namesIn(text: string): string[] {
  return text.match(NAMES) ?? [];
}

const OWN_MODE =
  /(?<![\w.])0o?[0-7]?[0-7]00\b|\bumask\(\s?0o?[0-7]?77\b|\bfrom_mode\(0o[0-7]00\)|'rw-{7}'|\bu=rwx?,go=\B/;
const WRITES_FILE =
  /\bopen\(|\bwriteFile|\bwrite_text\(|\bwrite_bytes\(|\bWriteFile\(|\bos\.Create\(|\bcreateWriteStream\(|\bfs::write\(|\bFile::create\(|\bmkdir|\bMkdir|\bOpenFile\(|\bchmod/;

function readableFiles({ removed, added }: Hunk, { hasOwnMode }: Remaining): Harm[] {
  const was = hasOwnMode ? undefined : removed.find(({ text }) => OWN_MODE.test(text));
  const row = was === undefined ? undefined : added.find(({ text }) => WRITES_FILE.test(text));
  return was === undefined || row === undefined ? [] : [alteredRow(READABLE_FILE, row, was)];
}

/** IBANs, mailboxes, wallet addresses, merchant ids. */
const ACCOUNTS: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b/g,
  /\b[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,40}\b/g,
  /\b0x[0-9a-fA-F]{40}\b|\bbc1[0-9a-z]{25,60}\b/g,
  /\b(?:acct|cus|ba|merchant)_[A-Za-z0-9]{8,40}\b/g,
];
/** Addresses of examples, which receive nothing. */
const EXAMPLE_ADDRESS = /@(?:example|test|localhost|[\w-]+\.(?:example|test|invalid))\b.{0,20}|no-?reply/i;

function otherAccount({ removed, added }: Hunk): Harm[] {
  return ACCOUNTS.flatMap((kind) => {
    const accountsIn = (rows: readonly Row[]): Set<string> =>
      new Set(rows.flatMap(({ text }) => text.match(kind) ?? []).filter((one) => !EXAMPLE_ADDRESS.test(one)));
    const [removedTexts, now] = [accountsIn(removed), accountsIn(added)];
    const lost = [...removedTexts].find((one) => !now.has(one));
    const fresh = [...now].find((one) => !removedTexts.has(one));
    if (lost === undefined || fresh === undefined) return [];
    const [was, row] = [
      removed.find(({ text }) => text.includes(lost)),
      added.find(({ text }) => text.includes(fresh)),
    ];
    return was === undefined || row === undefined ? [] : [alteredRow(OTHER_ACCOUNT, row, was)];
  });
}
