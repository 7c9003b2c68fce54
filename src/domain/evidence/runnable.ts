/**
 * Which files a runner runs, told by their names and by those that it ran: a helper, a fixture or a snapshot is none.
 */

const NAMED_AS_TEST = /^(?:tests?[_-].*|.*[._-](?:test|spec)s?|tests?)\.[a-z]+$|Tests?\.(?:java|kt|cs|scala)$/i;
const DATA = /^\.(?:json5?|jsonl|ya?ml|toml|ini|csv|tsv|txt|md|rst|html?|xml|svg|snap|lock|golden|out|in|png|gz|zip)$/i;

/** `seen`: paths of the files that ran. */
export function isRunnable(path: string, seen: string[]): boolean {
  const { folder, name, extension } = partsOf(path);
  if (NAMED_AS_TEST.test(name)) return !DATA.test(extension);
  if (seen.some((file) => NAMED_AS_TEST.test(partsOf(file).name))) return false;
  return seen.map(partsOf).some((one) => one.folder === folder && one.extension === extension);
}

/** False for a file that is named as a test and holds none: benchmarks and helpers of Go. */
export function holdsTests({ path, text }: { path: string; text: string }): boolean {
  return !path.endsWith('_test.go') || /^func (?:Test|Example|Fuzz)/m.test(text);
}

function partsOf(path: string): { folder: string; name: string; extension: string } {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const dot = name.lastIndexOf('.');
  return { folder: path.slice(0, path.length - name.length), name, extension: dot <= 0 ? '' : name.slice(dot) };
}
