/**
 * Finds addresses, origins and networks that a change opens wider than before. Pure.
 */
import { countRowsWith } from '../../rows-with';
import type { Harm } from '../rule';
import { rowsAround, alteredRow } from './hunk';
import type { Altered, Hunk } from './hunk';

const OWN_MACHINE =
  /\b127\.0\.0\.1\b|\blocalhost\b|\[?::1\]?(?=[\s'":,)])|\b(?:Ipv4Addr::LOCALHOST|IPAddress\.Loopback|getLoopbackAddress)\b/;
const ALL_ADDRESSES =
  /\b0\.0\.0\.0\b(?!\/)|'\[?::\]?[':]|"\[?::\]?[":]|['"]\*['"]|'\s{0,3}'|\b(?:INADDR_ANY|Ipv4Addr::UNSPECIFIED|IPAddress\.Any|INADDR6_ANY)\b|['"]:\d{2,5}['"]/;
/** Words for an address at which a program listens. */
const BINDS = /listen|bind|host|addr|port|server|serve|run\(|address|\bip\b|interface|expose|-p\s|-b\s/i;
/** A port mapping for the own machine only, such as `127.0.0.1:5432:5432`. */
const PUBLISHED = /127\.0\.0\.1:(\d{2,5}(?:-\d{2,5})?:\d{2,5})/;

/** A setting in its closed and its open form. */
interface Opening extends Pick<Harm, 'does' | 'why'> {
  closed: RegExp;
  open: RegExp;
  /** Must match the rows around both forms. */
  about?: RegExp;
}

const OPENINGS: readonly Opening[] = [
  {
    does: 'listens for the whole network, where it listened for its own machine before',
    why: 'everybody on the network can reach it',
    closed: OWN_MACHINE,
    open: ALL_ADDRESSES,
    about: BINDS,
  },
  {
    does: 'lets every site send requests, where it named the allowed sites before',
    why: 'a page of any site reads what its visitor may read',
    closed:
      /origin[^\n]{0,80}(?:https?:|\w\.\w|process\.env|config|settings|environ|\[)|CORS_ALLOW_ALL_ORIGINS\s{0,3}=\s{0,3}False|ALLOWED_HOSTS\s{0,3}=\s{0,3}\[\s{0,3}'(?!\*)/i,
    open: /origins?['"\]]{0,3}\s{0,3}(?:[:=,(]|=>)\s{0,3}(?:\[\]string\{|\[)?\s{0,3}(?:['"]\*['"]|true\b)|CORS_ALLOW_ALL_ORIGINS\s{0,3}=\s{0,3}True|ALLOWED_HOSTS\s{0,3}=\s{0,3}\[\s{0,3}'\*|AllowAnyOrigin|(?:^|\()cors\(\)/im,
  },
  {
    does: 'opens a network to every address',
    why: 'a firewall rule for all addresses stops nobody',
    closed: /\b(?:10|172|192|\d{1,3})\.\d{1,3}\.\d{1,3}\.\d{1,3}\/(?!0\b)\d{1,2}\b/,
    open: /\b0\.0\.0\.0\/0|::\/0/,
  },
  {
    does: 'lets everybody read or write what was closed',
    why: 'everybody who knows the address can use it',
    closed:
      /\bacl\W{1,4}['"]?private\b|block_public_\w{1,12}\s{0,3}=\s{0,3}true|publicly_accessible\s{0,3}=\s{0,3}false|\bClusterIP\b|\bdeny\s+all\b|\bdenyAll\(|\bauthenticated\(\)|Require\s+all\s+denied|0o?[67][04]0\b/,
    open: /\bacl\W{1,4}['"]?public-read|block_public_\w{1,12}\s{0,3}=\s{0,3}false|publicly_accessible\s{0,3}=\s{0,3}true|\b(?:NodePort|LoadBalancer)\b|\ballow\s+all\b|\bpermitAll\(|Require\s+all\s+granted|0o?[67][0-7][67]\b/,
  },
  {
    does: 'lets everybody, or every user who is signed in, do what only some users could do',
    why: 'anybody can sign in; name the users who may, and the data that belongs to them',
    closed:
      /\ballow\s[^\n]{1,60}\bif\b[^\n]{0,200}(?:\buid\s{0,3}==|==\s{0,3}[\w.]{0,40}\buid\b|\btoken\.|\brole|\bresource\.data|\b(?:is|has)\w{2,30}\()|\b(?:using|with\s+check)\s{0,3}\([^\n]{0,160}(?:auth\.uid\(\)|current_user|owner|tenant)/i,
    open: /\ballow\s[^\n]{1,60}\bif\s{1,3}(?:true|(?:request\.)?auth(?:\.uid)?\s{0,3}!=\s{0,3}null|(?:is)?(?:signedIn|authenticated|loggedIn)\(\))\s{0,3};|\b(?:using|with\s+check)\s{0,3}\(\s{0,3}(?:true|\(?auth\.role\(\)\s{0,3}=\s{0,3}'authenticated'\)?|auth\.uid\(\)\s+is\s+not\s+null)\s{0,3}\)/i,
  },
  {
    does: 'runs the program of the image as root',
    why: 'nothing limits what it may do',
    closed: /^\s{0,9}USER\s+(?!root|0\b)\S|runAsNonRoot:\s{0,3}true|^\s{0,20}user:\s{0,3}["']?(?!root|0\b)\w/,
    open: /^\s{0,9}USER\s+(?:root|0)\b|runAsNonRoot:\s{0,3}false|^\s{0,20}user:\s{0,3}["']?(?:root|0)\b/,
  },
];

export function widened(file: Altered): Harm[] {
  const hasUser = file.after.some((row) => USER.test(row));
  return file.hunks.flatMap((hunk) => [
    ...OPENINGS.flatMap((one) => inHunk(file, hunk, one)),
    ...publishedPorts(hunk),
    ...(hasUser ? [] : removedUser(file, hunk)),
  ]);
}

function inHunk(file: Altered, { removed, added }: Hunk, { does, why, closed, open, about }: Opening): Harm[] {
  const was = removed.find(({ text }) => closed.test(text) && !open.test(text));
  const row = added.find(({ text }) => open.test(text) && !closed.test(text));
  if (was === undefined || row === undefined || removed.some(({ text }) => open.test(text))) return [];
  const isAbout =
    about === undefined ||
    (about.test(rowsAround(file.after, row.line, 2)) && about.test(rowsAround(file.before, was.line, 2)));
  return isAbout && !/process\.env|environ|getenv/.test(row.text) ? [alteredRow({ does, why }, row, was)] : [];
}

function publishedPorts({ removed, added }: Hunk): Harm[] {
  const localPorts = removed.flatMap((was) => {
    const [, ports] = PUBLISHED.exec(was.text) ?? [];
    return ports === undefined ? [] : [{ was, ports }];
  });
  if (localPorts.length === 0) return [];
  const addedMappings = added.filter(({ text }) => !OWN_MACHINE.test(text));
  const rowsByPorts = countRowsWith(
    new Set(localPorts.map(({ ports }) => ports)),
    addedMappings.map(({ text }) => text),
  );
  return localPorts.flatMap(({ was, ports }) => {
    const row = addedMappings[rowsByPorts.get(ports)?.firstRow ?? -1];
    const harm = {
      does: `publishes ${ports} to the whole network, where only its own machine could use it before`,
      why: 'everybody on the network can reach it',
    };
    return row === undefined ? [] : [alteredRow(harm, row, was)];
  });
}

const USER = /^\s{0,9}USER\s/i;

/** Finds a removed `USER` of an image: without one, the program runs as root. */
function removedUser({ path }: Altered, { line, removed }: Hunk): Harm[] {
  const was = removed.find(({ text }) => /^\s{0,9}USER\s+(?!root|0\b)\S/i.test(text));
  if (was === undefined || !/(?:Docker|Container)file/i.test(path)) return [];
  const does = 'runs the program of the image as root';
  return [{ line, to: line, does, why: 'nothing limits what it may do', isNote: false, gone: was.text.trim() }];
}
