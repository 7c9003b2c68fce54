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
  why: 'the next statement runs before the call is done, and nobody sees its error',
};
const UNENCRYPTED: Loss = {
  does: 'sends without encryption what was encrypted before',
  why: 'anybody on the way between client and server can read and change the data',
};
const REVEALED: Loss = {
  does: 'shows what was hidden',
  why: 'answers and logs now contain the value that they left out before',
};
const READABLE_FILE: Loss = {
  does: 'creates a file without the rights that limited it to one account',
  why: 'other accounts of the machine can read it',
};
const OTHER_ACCOUNT: Loss = {
  does: 'puts another account or mailbox in the place of the former one',
  why: 'money or messages for the former one go to the other',
};

/** Each check reads one hunk: its removed rows next to its added rows. */
export function loosened({ hunks, after }: Altered): Harm[] {
  const removedTexts = hunks.flatMap(({ removed }) => removed.map(({ text }) => text));
  const remaining: Remaining = {
    secure: countRowsWith(new Set(removedTexts.flatMap((text) => SECURE.exec(text)?.[0] ?? [])), after),
    hidingMarks: countRowsWith(new Set(removedTexts.flatMap((text) => HIDING_MARK.exec(text)?.[0] ?? [])), after),
    hasPrivateMode: after.some((text) => PRIVATE_MODE.test(text)),
  };
  return hunks.flatMap((hunk) => [
    ...noLongerAwaited(hunk),
    ...unencrypted(hunk, remaining),
    ...revealed(hunk, remaining),
    ...readableFiles(hunk, remaining),
    ...otherAccount(hunk),
  ]);
}

/** What the changed file still contains of the words in removed rows. */
interface Remaining {
  secure: ReadonlyMap<string, unknown>;
  hidingMarks: ReadonlyMap<string, unknown>;
  hasPrivateMode: boolean;
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

/** The address of an encrypted connection; the groups are scheme and host. */
const SECURE = /\b(https|wss|ftps|amqps|rediss|ldaps|mqtts|smtps|grpcs):\/\/([\w.${}-]+)/;
/** Schemes without encryption. */
const CLEAR: Readonly<Record<string, string>> = {
  ...{ https: 'http', wss: 'ws', ftps: 'ftp', amqps: 'amqp', rediss: 'redis', ldaps: 'ldap', mqtts: 'mqtt' },
  ...{ smtps: 'smtp', grpcs: 'grpc' },
};
const OWN_MACHINE = /^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal|www\.w3\.org)/;

function unencrypted({ removed, added }: Hunk, { secure }: Remaining): Harm[] {
  const connections = removed.flatMap((was) => {
    const [address = '', scheme = '', host = ''] = SECURE.exec(was.text) ?? [];
    const isLost = host !== '' && !OWN_MACHINE.test(host) && !secure.has(address);
    return isLost ? [{ was, clear: `${CLEAR[scheme] ?? ''}://${host}` }] : [];
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
const NAMES = /[A-Za-z_]\w{2,}/g;

/** Code that defines the text of a value for logs, and may leave fields out. */
const CUSTOM_TEXT = /\bimpl\b.{0,60}\b(?:Debug|Display) for\b|\bdef __(?:repr|str)__\b|\btoString\(\)|\bToString\(\)/;
/** Code that generates this text from all fields. */
const GENERATED_TEXT = /\bderive\([^)]*\bDebug\b|@dataclass\b|@Data\b|@ToString\b|\brecord\s+\w/;

function revealed({ removed, added }: Hunk, { hidingMarks }: Remaining): Harm[] {
  const hiding = removed.filter(({ text }) => CUSTOM_TEXT.test(text) || HIDING_MARK.test(text));
  if (hiding.length === 0) return [];
  const generated = added.find(({ text }) => GENERATED_TEXT.test(text));
  const byName = new Map<string, Row>();
  for (const row of added) {
    if (HIDING_MARK.test(row.text)) continue;
    for (const name of namesIn(row.text)) if (!byName.has(name)) byName.set(name, row);
  }
  return hiding.flatMap((was) => {
    if (generated !== undefined && CUSTOM_TEXT.test(was.text)) return [alteredRow(REVEALED, generated, was)];
    const mark = HIDING_MARK.exec(was.text)?.[0];
    if (mark === undefined) return [];
    const words = namesIn(was.text.replace(mark, ' '));
    const row = byName.get(words[0] ?? '');
    if (row !== undefined) return [alteredRow(REVEALED, row, was)];
    // The change removes only the mark; the value below it remains.
    const isMarkAlone = words.length === 0 || /^\s*[@[#]/.test(was.text);
    return isMarkAlone && !hidingMarks.has(mark) && added.length === 0 ? [alteredRow(REVEALED, was, was)] : [];
  });
}

function namesIn(text: string): string[] {
  return text.match(NAMES) ?? [];
}

/** File rights for one account only. */
const PRIVATE_MODE =
  /(?<![\w.])0o?[0-7]?[0-7]00\b|\bumask\(\s?0o?[0-7]?77\b|\bfrom_mode\(0o[0-7]00\)|'rw-{7}'|\bu=rwx?,go=\B/;
const WRITES_FILE =
  /\bopen\(|\bwriteFile|\bwrite_text\(|\bwrite_bytes\(|\bWriteFile\(|\bos\.Create\(|\bcreateWriteStream\(|\bfs::write\(|\bFile::create\(|\bmkdir|\bMkdir|\bOpenFile\(|\bchmod/;

function readableFiles({ removed, added }: Hunk, { hasPrivateMode }: Remaining): Harm[] {
  const was = hasPrivateMode ? undefined : removed.find(({ text }) => PRIVATE_MODE.test(text));
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
/** Addresses for examples, at which nobody receives messages. */
const EXAMPLE_ADDRESS = /@(?:example|test|localhost|[\w-]+\.(?:example|test|invalid))\b.{0,20}|no-?reply/i;

function otherAccount({ removed, added }: Hunk): Harm[] {
  return ACCOUNTS.flatMap((kind) => {
    const accountsIn = (rows: readonly Row[]): Set<string> =>
      new Set(rows.flatMap(({ text }) => text.match(kind) ?? []).filter((one) => !EXAMPLE_ADDRESS.test(one)));
    const [accountsBefore, accountsNow] = [accountsIn(removed), accountsIn(added)];
    const lostAccount = [...accountsBefore].find((one) => !accountsNow.has(one));
    const newAccount = [...accountsNow].find((one) => !accountsBefore.has(one));
    if (lostAccount === undefined || newAccount === undefined) return [];
    const [was, row] = [
      removed.find(({ text }) => text.includes(lostAccount)),
      added.find(({ text }) => text.includes(newAccount)),
    ];
    return was === undefined || row === undefined ? [] : [alteredRow(OTHER_ACCOUNT, row, was)];
  });
}
