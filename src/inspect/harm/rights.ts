/**
 * Rules for rights: world-writable files, programs that run as root, downloads that an interpreter runs, deletion of
 * folders that no build can restore. Pure.
 */
import type { HarmRule } from './rule';

const OPEN_TO_ALL = {
  does: 'gives everybody the right to write, or a program the rights of its owner',
  why: 'every user of the machine can change what runs, or run it as root',
} as const;
const ROOT = { does: 'runs a command as root', why: 'nothing limits what it may do' } as const;
const PIPED_DOWNLOAD = {
  does: 'gives what it fetches to an interpreter',
  why: 'the owner of the address decides what runs',
} as const;
/** Modes such as `777`, `0666`, `4755`, `a+w`, `u+s`; not `1777`, the usual mode of a temporary folder. */
const MODE = `(?:0?[0-7]{2}[2367]|[2-7][0-7]{3}|0[2-7][0-7]{3}|[ugoa]{0,4}[oa][ugoa]{0,4}[+=][rx]{0,2}w[rwxXst]{0,4}|[ugoa]{0,4}[+=][rwxX]{0,3}s[rwxXst]{0,3})`;

export const RIGHTS: readonly HarmRule[] = [
  {
    ...{ ...OPEN_TO_ALL, after: 'bandit B103 and gosec G302', in: ['script', 'python', 'braces', 'ruby', 'rust'] },
    pattern:
      /\b[cC]hmod(?:Sync)?\s{0,3}\([^()\n]{0,80},\s{0,9}(?:'?0?o?[0-7]{2}[2367]'?|0o?[2-7][0-7]{3}|'[2-7][0-7]{3}')\s{0,9}[,)]|\bchmod\s{0,3}\(\s{0,9}0o?[0-7]{2}[2367]\s{0,9}[,)]|\.chmod\s{0,3}\(\s{0,9}0o[2-7][0-7]{3}|\b(?:stat\.)?S_IS[UG]ID\b|\bset_mode\(\s{0,9}0o(?:[0-7]{2}[2367]|[2-7][0-7]{3})\s{0,9}\)|\bfrom_mode\(\s{0,9}0o(?:[0-7]{2}[2367]|[2-7][0-7]{3})\s{0,9}\)/g,
  },
  {
    ...{ ...OPEN_TO_ALL, in: ['script', 'python', 'braces', 'ruby', 'rust', 'php'], inText: true },
    pattern: new RegExp(
      `(?<=['\\s;&|])chmod(?:'\\s{0,9},\\s{0,9}\\[?\\s{0,9}'|\\s{1,9})(?:-\\w{1,9}\\s{1,9})?${MODE}(?=['\\s])`,
      'g',
    ),
  },
  {
    ...{ ...PIPED_DOWNLOAD, inText: true },
    pattern:
      /\b(?:curl|wget)\s[^|\n']{1,300}\|\s{0,9}(?:sudo\s{1,9})?(?:\S{0,20}\/)?(?:(?:ba|da|z)?sh|node|python3?|perl|ruby)\b/g,
  },
  { ...{ ...ROOT, inText: true }, pattern: /(?<=[ (,[]')sudo(?:'|\s{1,9}-?\w)/g },
];

export const RIGHTS_IN_COMMANDS: readonly HarmRule[] = [
  {
    ...OPEN_TO_ALL,
    pattern: new RegExp(
      `\\bchmod\\s{1,9}(?:-\\w{1,9}\\s{1,9})?${MODE}(?=\\s)|\\binstall\\s[^\\n;&|]{0,100}-m\\s{0,3}[2-7][0-7]{3}\\b|\\bsetcap\\s`,
      'g',
    ),
  },
  { ...ROOT, pattern: /(?:^|[;&|(]|&&|\|\||\bthen|\bdo|["'])[ \t@-]{0,9}sudo\s/gm },
];

const DELETES_DATA = {
  does: 'takes away what cannot be made again',
  why: 'it is neither a folder of the build nor one for temporary files',
} as const;
/** Root folders, home folders and data of programs. Caches below them do not match. */
const VALUABLE_FOLDER = `(?:\\/(?:\\*|\\s|$)|~(?:\\/\\s?|\\s|$)|"?\\$\\{?HOME\\}?"?(?:\\/?\\*?(?=\\s|$))|\\.{1,2}(?:\\/\\*?)?(?=\\s|$)|\\.git(?=\\s|\\/|$)|\\/(?:etc|usr|home|opt|srv|root|data|bin|s?bin|lib|boot|var(?!\\/(?:lib\\/apt|cache|tmp|log\\/apt)))(?=\\/|\\s|$|\\*)(?![^\\s]{0,80}(?:cache|tmp|man\\/|doc\\/|\\.pyc)))`;

export const AWAY_IN_COMMANDS: readonly HarmRule[] = [
  {
    ...DELETES_DATA,
    pattern: new RegExp(
      `\\brm\\s{1,9}(?:-[rRfvd]{1,5}\\s{1,9}|--recursive\\s{1,9}|--force\\s{1,9}|--no-preserve-root\\s{1,9}){1,4}(?:--\\s{1,9})?(?:[\\w./-]{1,60}\\s{1,9}){0,4}${VALUABLE_FOLDER}`,
      'gm',
    ),
  },
];

export const AWAY_IN_CODE: readonly HarmRule[] = [
  {
    ...{ ...DELETES_DATA, inText: true },
    pattern: new RegExp(
      `\\brm\\s{1,9}-(?=[a-z]{0,5}[rR])[rRfv]{1,5}\\s{1,9}${VALUABLE_FOLDER.replaceAll('|$)', "|'|$)")}`,
      'gm',
    ),
  },
  {
    ...DELETES_DATA,
    pattern:
      /\b(?:rmtree|rmSync|rimraf|removeSync|emptyDirSync|RemoveAll|remove_dir_all|rm_rf|fs\.rm|fs\.promises\.rm|deleteDirectory)\s{0,3}[( ]\s{0,9}(?:'(?:\/|~|(?!\/?tmp)\/?(?:var\/)?(?:data|db|uploads?|backups?|storage|home|etc|usr|opt|srv|ledger|orders)(?:\/|'))|(?:os\.)?homedir\(\)|Path\.home\(\)|(?:os\.path\.)?expanduser\(|(?:path\.)?join\(\s{0,9}(?:os\.)?homedir\(\)\s{0,9}\)|process\.env\.HOME\b|os\.environ\[?\W{0,3}HOME\b)(?!tmp\b)(?![^\n]{0,60}(?:cache|te?mp))/g,
  },
];
