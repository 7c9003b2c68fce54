/**
 * What a change lets go of, row beside row: waiting, locks, encryption on the way, what was hidden, rights of files, accounts. Pure.
 */
import { rowsWith } from '../../rows-with';
import type { Harm } from '../rule';
import { firstBy, worse } from './hunk';
import type { Altered, Hunk, Row } from './hunk';

type Deed = Pick<Harm, 'does' | 'why'>;

const WAITS: Deed = {
  does: 'no longer waits for what it waited for',
  why: 'what comes next runs before it is done, and its error reaches nobody',
};
const OPEN_WAY: Deed = {
  does: 'sends in the clear what was encrypted on the way',
  why: 'anybody between the two can read and change what is sent',
};
const SHOWN: Deed = {
  does: 'shows what was hidden',
  why: 'what was left out of answers and logs stands in them now',
};
const READABLE: Deed = {
  does: 'makes a file that one account could read as others are',
  why: 'other accounts of the machine can read it now',
};
const ACCOUNT: Deed = {
  does: 'puts another account or mailbox in the place of the one that stood there',
  why: 'what went to the one goes to the other',
};

/** Each is asked of one hunk, whose gone rows stand beside its added ones. */
export function loosened({ hunks, after }: Altered): Harm[] {
  const gone = hunks.flatMap(({ removed }) => removed.map(({ text }) => text));
  const left: Left = {
    secure: rowsWith(new Set(gone.flatMap((text) => SECURE.exec(text)?.[0] ?? [])), after),
    marks: rowsWith(new Set(gone.flatMap((text) => HIDES.exec(text)?.[0] ?? [])), after),
    hasOwnMode: after.some((text) => OWN_MODE.test(text)),
  };
  return hunks.flatMap((hunk) => [
    ...noLongerAwaited(hunk),
    ...inTheClear(hunk, left),
    ...shown(hunk, left),
    ...readable(hunk, left),
    ...otherAccount(hunk),
  ]);
}

/** What stood in gone rows and stands in the file all the same. */
interface Left {
  secure: ReadonlyMap<string, unknown>;
  marks: ReadonlyMap<string, unknown>;
  hasOwnMode: boolean;
}

const AWAIT = /\bawait\s+|\.await\b/;
/** What a row waited for, as it is called. */
const AWAITED = /\bawait\s+([\w$.]{1,100})\s?\(/;

function noLongerAwaited({ removed, added }: Hunk): Harm[] {
  const waited = removed.filter(({ text }) => AWAIT.test(text));
  if (waited.length === 0) return [];
  const bySaid = firstBy(added, ({ text }) => squeezed(text));
  // A statement of its own: what is returned or kept may be waited for elsewhere.
  const byCall = firstBy(added, ({ text }) => /^[^(]{1,100}(?=\()/.exec(text.trim())?.[0]);
  return waited.flatMap((was) => {
    const bare = squeezed(was.text.replace(AWAIT, ''));
    const called = AWAITED.exec(was.text)?.[1];
    const rows = [bySaid.get(bare), called === undefined ? undefined : byCall.get(called)];
    const [row] = rows.filter((one) => one !== undefined).sort((a, b) => a.line - b.line);
    return row === undefined ? [] : [worse(WAITS, row, was)];
  });
}

function squeezed(text: string): string {
  return text.replace(/[\s()]+/g, '');
}

const SECURE = /\b(https|wss|ftps|amqps|rediss|ldaps|mqtts|smtps|grpcs):\/\/([\w.${}-]+)/;
const CLEAR: Readonly<Record<string, string>> = {
  ...{ https: 'http', wss: 'ws', ftps: 'ftp', amqps: 'amqp', rediss: 'redis', ldaps: 'ldap', mqtts: 'mqtt' },
  ...{ smtps: 'smtp', grpcs: 'grpc' },
};
const OWN_MACHINE = /^(?:localhost|127\.|\[?::1|0\.0\.0\.0|host\.docker\.internal|www\.w3\.org)/;

function inTheClear({ removed, added }: Hunk, { secure }: Left): Harm[] {
  const ways = removed.flatMap((was) => {
    const [way = '', scheme = '', host = ''] = SECURE.exec(was.text) ?? [];
    const isOpen = host !== '' && !OWN_MACHINE.test(host) && !secure.has(way);
    return isOpen ? [{ was, clear: `${CLEAR[scheme] ?? ''}://${host}` }] : [];
  });
  const standing = rowsWith(new Set(ways.map(({ clear }) => clear)), texts(added));
  return ways.flatMap(({ was, clear }) => {
    const row = added[standing.get(clear)?.first ?? -1];
    return row === undefined ? [] : [worse(OPEN_WAY, row, was)];
  });
}

function texts(rows: readonly Row[]): string[] {
  return rows.map(({ text }) => text);
}

/** Marks that leave a value out of answers, logs and texts of a program. */
const HIDES =
  /json:.-|@JsonIgnore\b|@Exclude\(\)|\bserde\(skip(?:_serializing)?\)|\bselect:\s?false\b|\bexclude\s?=\s?True\b|\bwrite_only\s?=\s?True\b|\brepr\s?=\s?False\b|\[JsonIgnore\]|\*\*\*|\bredact\w{0,12}\b|\bmask\w{0,12}\(|\[hidden\]|\$hidden\b|@Sensitive\b|toJSON\b/i;
/** A row that only ever shows: its name and its type. */
const NAMES = /[A-Za-z_]\w{2,}/g;

/** A text of its own for logs, which said less than all. */
const OWN_TEXT = /\bimpl\b.{0,60}\b(?:Debug|Display) for\b|\bdef __(?:repr|str)__\b|\btoString\(\)|\bToString\(\)/;
const WHOLE_TEXT = /\bderive\([^)]*\bDebug\b|@dataclass\b|@Data\b|@ToString\b|\brecord\s+\w/;

function shown({ removed, added }: Hunk, { marks }: Left): Harm[] {
  const hiding = removed.filter(({ text }) => OWN_TEXT.test(text) || HIDES.test(text));
  if (hiding.length === 0) return [];
  const whole = added.find(({ text }) => WHOLE_TEXT.test(text));
  const byName = new Map<string, Row>();
  for (const row of added) {
    if (HIDES.test(row.text)) continue;
    for (const name of namesIn(row.text)) if (!byName.has(name)) byName.set(name, row);
  }
  return hiding.flatMap((was) => {
    if (whole !== undefined && OWN_TEXT.test(was.text)) return [worse(SHOWN, whole, was)];
    const mark = HIDES.exec(was.text)?.[0];
    if (mark === undefined) return [];
    const words = namesIn(was.text.replace(mark, ' '));
    const row = byName.get(words[0] ?? '');
    if (row !== undefined) return [worse(SHOWN, row, was)];
    // The mark alone is gone, and what it stood above is still there.
    const isAlone = words.length === 0 || /^\s*[@[#]/.test(was.text);
    return isAlone && !marks.has(mark) && added.length === 0 ? [worse(SHOWN, was, was)] : [];
  });
}

function namesIn(text: string): string[] {
  return text.match(NAMES) ?? [];
}

const OWN_MODE =
  /(?<![\w.])0o?[0-7]?[0-7]00\b|\bumask\(\s?0o?[0-7]?77\b|\bfrom_mode\(0o[0-7]00\)|'rw-{7}'|\bu=rwx?,go=\B/;
const WRITES =
  /\bopen\(|\bwriteFile|\bwrite_text\(|\bwrite_bytes\(|\bWriteFile\(|\bos\.Create\(|\bcreateWriteStream\(|\bfs::write\(|\bFile::create\(|\bmkdir|\bMkdir|\bOpenFile\(|\bchmod/;

function readable({ removed, added }: Hunk, { hasOwnMode }: Left): Harm[] {
  const was = hasOwnMode ? undefined : removed.find(({ text }) => OWN_MODE.test(text));
  const row = was === undefined ? undefined : added.find(({ text }) => WRITES.test(text));
  return was === undefined || row === undefined ? [] : [worse(READABLE, row, was)];
}

/** IBANs, mailboxes, addresses of wallets. */
const ACCOUNTS: readonly RegExp[] = [
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,4})?\b/g,
  /\b[\w.+-]{1,60}@[\w-]{1,60}\.[\w.]{2,40}\b/g,
  /\b0x[0-9a-fA-F]{40}\b|\bbc1[0-9a-z]{25,60}\b/g,
  /\b(?:acct|cus|ba|merchant)_[A-Za-z0-9]{8,40}\b/g,
];
/** Of examples, and of nobody. */
const NOBODY = /@(?:example|test|localhost|[\w-]+\.(?:example|test|invalid))\b.{0,20}|no-?reply/i;

function otherAccount({ removed, added }: Hunk): Harm[] {
  return ACCOUNTS.flatMap((kind) => {
    const all = (rows: readonly Row[]): Set<string> =>
      new Set(rows.flatMap(({ text }) => text.match(kind) ?? []).filter((one) => !NOBODY.test(one)));
    const [gone, now] = [all(removed), all(added)];
    const lost = [...gone].find((one) => !now.has(one));
    const fresh = [...now].find((one) => !gone.has(one));
    if (lost === undefined || fresh === undefined) return [];
    const [was, row] = [
      removed.find(({ text }) => text.includes(lost)),
      added.find(({ text }) => text.includes(fresh)),
    ];
    return was === undefined || row === undefined ? [] : [worse(ACCOUNT, row, was)];
  });
}
