/**
 * Counts the languages of a tree by file endings. The result is shown to people and decides nothing. Pure.
 */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ js: 'JavaScript', mjs: 'JavaScript', cjs: 'JavaScript', jsx: 'JavaScript' },
  ...{ ts: 'TypeScript', mts: 'TypeScript', cts: 'TypeScript', tsx: 'TypeScript', vue: 'Vue', svelte: 'Svelte' },
  ...{ py: 'Python', pyi: 'Python', rb: 'Ruby', php: 'PHP', pl: 'Perl', lua: 'Lua', r: 'R', jl: 'Julia' },
  ...{ go: 'Go', rs: 'Rust', c: 'C', h: 'C', cc: 'C++', cpp: 'C++', cxx: 'C++', hpp: 'C++', zig: 'Zig' },
  ...{ java: 'Java', kt: 'Kotlin', kts: 'Kotlin', scala: 'Scala', groovy: 'Groovy', clj: 'Clojure' },
  ...{ cs: 'C#', fs: 'F#', vb: 'Visual Basic', swift: 'Swift', m: 'Objective-C', dart: 'Dart' },
  ...{ ex: 'Elixir', exs: 'Elixir', erl: 'Erlang', hs: 'Haskell', ml: 'OCaml', elm: 'Elm' },
  ...{ sh: 'Shell', bash: 'Shell', ps1: 'PowerShell', sql: 'SQL', html: 'HTML', css: 'CSS', scss: 'SCSS' },
};

interface LanguageCount {
  language: string;
  files: number;
  bytes: number;
}

/** Returns the languages, largest first; files of unknown languages are not counted. */
export function languagesOf(files: ReadonlyArray<{ path: string; bytes: number }>): LanguageCount[] {
  const found = new Map<string, LanguageCount>();
  for (const { path, bytes } of files) {
    if (/(^|\/)(node_modules|vendor|third_party)\//.test(path)) continue;
    const ending = /\.([A-Za-z0-9]+)$/.exec(path)?.[1]?.toLowerCase() ?? '';
    const language = Object.hasOwn(LANGUAGES, ending) ? LANGUAGES[ending] : undefined;
    if (language === undefined) continue;
    const { files: count, bytes: sum } = found.get(language) ?? { files: 0, bytes: 0 };
    found.set(language, { language, files: count + 1, bytes: sum + bytes });
  }
  return [...found.values()].sort((a, b) => b.bytes - a.bytes);
}
