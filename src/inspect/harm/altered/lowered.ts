/**
 * Finds lower versions of images and toolchains: the lower version lacks fixes that the former one had. Pure.
 */
import type { Harm } from '../rule';
import { alteredRow } from './hunk';
import type { Altered, Row } from './hunk';

/** Patterns whose groups are the name and the version of a tool, by the files that they apply to. */
const VERSIONS: ReadonlyArray<readonly [files: RegExp, pattern: RegExp]> = [
  [
    /(?:Docker|Container)file|\.dockerfile$/i,
    /^\s{0,9}FROM\s+(?:--\S+\s+)?([\w./-]{1,120}):[a-z-]{0,20}v?(\d+(?:\.\d+)*)/i,
  ],
  [/(?:Docker|Container)file|\.dockerfile$/i, /^\s{0,9}ARG\s+(\w{1,40}VERSION)=["']?v?(\d+(?:\.\d+)*)/i],
  [/\.ya?ml$/i, /^\s{0,40}(?:-\s+)?(image):\s{0,3}["']?(?:[\w./-]{1,120}):[a-z-]{0,20}v?(\d+(?:\.\d+)*)/i],
  [/package\.json$/, /"(node|npm|pnpm|yarn)"\s{0,3}:\s{0,3}"[\^~>=\s]{0,4}v?(\d+(?:\.\d+)*)/],
  [/go\.(?:mod|work)$/, /^\s{0,4}(go|toolchain)\s+(?:go)?(\d+(?:\.\d+)*)/],
  [
    /\.toml$/,
    /^\s{0,4}(rust-version|edition|requires-python|python|channel|python_version|target-version)\s{0,3}=\s{0,3}\[?["'][\^~>=\sa-z]{0,5}(\d+(?:\.\d+)*)/,
  ],
  [/setup\.(?:py|cfg)$/, /(python_requires)\s{0,3}=\s{0,3}["']?[\^~>=\s]{0,4}(\d+(?:\.\d+)*)/],
  [/(?:^|\/)\.(?:nvmrc|node-version|python-version|ruby-version|java-version)$/, /^()v?(\d+(?:\.\d+)*)/],
  [/\.tool-versions$/, /^(\w+)\s+v?(\d+(?:\.\d+)*)/],
  [
    /\.(?:xml|csproj|props)$/,
    /<(java\.version|maven\.compiler\.\w+|TargetFramework|LangVersion|release)>[a-z]{0,10}(\d+(?:\.\d+)*)/,
  ],
  [/\.gradle(?:\.kts)?$/, /(sourceCompatibility|targetCompatibility|languageVersion|jvmTarget)\D{1,60}(\d+(?:\.\d+)*)/],
  [/composer\.json$/, /"(php)"\s{0,3}:\s{0,3}"[\^~>=\s]{0,4}(\d+(?:\.\d+)*)/],
  [/Gemfile$/, /^\s{0,4}(ruby)\s+["'][~>=\s]{0,4}(\d+(?:\.\d+)*)/],
];

export function lowered({ path, hunks }: Altered): Harm[] {
  const patterns = VERSIONS.filter(([files]) => files.test(path)).map(([, pattern]) => pattern);
  return hunks.flatMap(({ removed, added }) =>
    patterns.flatMap((pattern) => {
      const versionsBefore = firstByName(removed, pattern);
      return added.flatMap((row) => {
        const now = versionIn(row, pattern);
        const before = now && versionsBefore.get(now.name);
        if (now === undefined || before === undefined || !isLower(now.version, before.version)) return [];
        const does = `lowers ${now.name || 'the toolchain'} from ${before.version} to ${now.version}`;
        return [alteredRow({ does, why: 'it lacks fixes that the former version had' }, row, before.row)];
      });
    }),
  );
}

function firstByName(rows: readonly Row[], pattern: RegExp): Map<string, { version: string; row: Row }> {
  const found = new Map<string, { version: string; row: Row }>();
  for (const row of rows) {
    const read = versionIn(row, pattern);
    if (read !== undefined && !found.has(read.name)) found.set(read.name, { version: read.version, row });
  }
  return found;
}

function versionIn({ text }: Row, pattern: RegExp): { name: string; version: string } | undefined {
  const [, name = '', version] = pattern.exec(text) ?? [];
  if (version === undefined) return undefined;
  const [, image] = name === 'image' ? (/image:\s{0,3}["']?([\w./-]{1,120}):/.exec(text) ?? []) : [];
  return { name: image ?? name, version };
}

/** Compares the first two numbers only: a lower third number may avoid a faulty release. */
function isLower(now: string, before: string): boolean {
  const [numbersNow, numbersBefore] = [now, before].map((one) => one.split('.').map(Number));
  for (const at of [0, 1]) {
    const [numberNow, numberBefore] = [numbersNow?.[at], numbersBefore?.[at]];
    if (numberNow === undefined || numberBefore === undefined) return false;
    if (numberNow !== numberBefore) return numberNow < numberBefore;
  }
  return false;
}
