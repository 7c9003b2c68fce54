/**
 * Finds lines of a change that read the clock, draw random numbers, or keep state between calls, in languages whose calls cannot be
 * replayed. Pure.
 *
 * The Verification Overseer and people are shown these lines. Most of them are harmless.
 */
export interface UnaskedText {
  path: string;
  before: string | null;
  text: string;
}

type Sign = readonly [says: string, sign: RegExp];
const READS_CLOCK = 'reads the clock';
const DRAWS_RANDOM = 'draws a random number';
const KEEPS_STATE = 'keeps state that outlives a call';
const DEPENDS_ON_SURROUNDINGS = 'answers by its surroundings';

const GO: readonly Sign[] = [
  [READS_CLOCK, /\btime\.(?:Now|Since|Until|After|AfterFunc|Tick|NewTicker|NewTimer)\(/],
  [DRAWS_RANDOM, /\brand\.\w+\(/],
  [KEEPS_STATE, /^var\s+\w|^\t(?:\w+\s+)?(?:sync\/)?atomic\.|\batomic\.(?:Add|Load|Store|Int|Uint)\w*/],
  [KEEPS_STATE, /^import "C"|^\s*static\s+(?!final\b)[\w\s*]+=/],
  [DEPENDS_ON_SURROUNDINGS, /\bos\.(?:Getenv|LookupEnv|Args|Hostname)\b/],
];
const RUST: readonly Sign[] = [
  [READS_CLOCK, /\b(?:SystemTime|Instant|Utc|Local)::now\(/],
  [DRAWS_RANDOM, /\brand::|\bthread_rng\(/],
  [
    KEEPS_STATE,
    /^\s*(?:pub\s+)?static\s+(?:mut\s+\w|\w+\s*:\s*[\w:]*(?:Atomic|Mutex|RwLock|OnceLock|LazyLock|Cell))|\bthread_local!/,
  ],
  [DEPENDS_ON_SURROUNDINGS, /\benv::(?:var|args)|\bcfg!\(/],
];
const JAVA: readonly Sign[] = [
  [READS_CLOCK, /\b(?:System\.(?:currentTimeMillis|nanoTime)\(|\w*(?:Date|Time|Instant|Clock)\w*\.now\(|new Date\(\))/],
  [DRAWS_RANDOM, /\bnew (?:Secure)?Random\(|\bMath\.random\(|\bThreadLocalRandom\b/],
  [
    KEEPS_STATE,
    /^\s*(?:(?:public|private|protected|internal|volatile)\s+)*static\s+(?!final\b|class\b|readonly\b|void\b)[^(]*(?:=|;)/,
  ],
  [KEEPS_STATE, /\bstatic\s+final\s+[^(=]*(?:Atomic|Map|List|Set|Queue|ThreadLocal)/],
  [
    DEPENDS_ON_SURROUNDINGS,
    /\bSystem\.(?:getenv|getProperty)\(|\bResourceBundle\.getBundle\(|\bLocale\.getDefault\(|^\s*assert\b/,
  ],
];
const OTHER: readonly Sign[] = [
  [
    READS_CLOCK,
    /\b(?:Time\.now|DateTime\.(?:Utc)?Now|time\(NULL\)|time\(\)|microtime\(|gettimeofday\(|\$EPOCHSECONDS|\bdate \+)/,
  ],
  [DRAWS_RANDOM, /\b(?:rand|srand|mt_rand|random_int|arc4random\w*)\(|\$RANDOM\b|\bnew Random\(/],
  [KEEPS_STATE, /^\s*(?:static\s+(?!const\b|inline\b|void\b)[\w\s*$]+(?:=|;)|@@\w+|\$\w+\s*(?:\+=|\|\|=))/],
];
const SIGNS_BY_ENDING: Record<string, readonly Sign[]> = {
  ...{ go: GO, rs: RUST, java: JAVA, kt: JAVA, kts: JAVA, scala: JAVA, groovy: JAVA },
  ...{
    cs: OTHER,
    rb: OTHER,
    php: OTHER,
    c: OTHER,
    h: OTHER,
    cc: OTHER,
    cpp: OTHER,
    hpp: OTHER,
    sh: OTHER,
    bash: OTHER,
  },
};
const MAX_LINES_SHOWN = 20;
const MAX_LINE_CHARS = 200;

/** Returns one sentence for each line, at most twenty, and one more sentence that counts the others. */
export function unaskedLines(files: UnaskedText[]): string[] {
  const found = files.flatMap(({ path, before, text }) => {
    const signs = SIGNS_BY_ENDING[path.slice(path.lastIndexOf('.') + 1).toLowerCase()] ?? [];
    const old = new Set((before ?? '').split('\n').map((line) => line.trim()));
    return text.split('\n').flatMap((line, index) => {
      const short = line.slice(0, 1000);
      if (signs.length === 0 || old.has(line.trim()) || isComment(short)) return [];
      const says = signs.find(([, sign]) => sign.test(short))?.[0];
      const shown = short.trim().slice(0, MAX_LINE_CHARS);
      return says === undefined ? [] : [`${path}:${index + 1} ${says}, and its calls were not made again: ${shown}`];
    });
  });
  const more =
    found.length > MAX_LINES_SHOWN
      ? [`${found.length - MAX_LINES_SHOWN} further lines of this kind are not shown`]
      : [];
  return [...found.slice(0, MAX_LINES_SHOWN), ...more];
}

function isComment(line: string): boolean {
  return /^\s*(?:\/\/|#(?!\[)|\*|\/\*)/.test(line);
}
