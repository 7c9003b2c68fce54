/**
 * Splits output that comes in chunks into lines without colours and of bounded length, and recognizes prefixes by which a program
 * marks the lines of each program that it runs. Pure.
 */
import { stripVTControlCharacters } from 'node:util';

/** A longer line is no line of a report: its rest is left out. */
const LINE_CHARS = 64 * 1024;

export function createLines(use: (line: string) => void): { add(chunk: Buffer): void; end(): void } {
  const decoder = new TextDecoder();
  let open = '';
  const give = (line: string): void => use(plain(line));
  const take = (text: string): void => {
    let from = 0;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      give(open.length < LINE_CHARS ? open + text.slice(from, Math.min(at, from + LINE_CHARS)) : open);
      open = '';
      from = at + 1;
    }
    if (open.length < LINE_CHARS) open += text.slice(from, from + LINE_CHARS);
  };
  return {
    add: (chunk) => take(decoder.decode(chunk, { stream: true })),
    end() {
      take(decoder.decode());
      if (open !== '') give(open);
      open = '';
    },
  };
}

function plain(line: string): string {
  const bare = line.includes('\u001b') || line.includes('\u009b') ? stripVTControlCharacters(line) : line;
  const text = bare.endsWith('\r') ? bare.slice(0, -1) : bare;
  // A carriage return restarts the line: the text before it was overwritten by a progress display.
  return text.includes('\r') ? text.slice(text.lastIndexOf('\r') + 1) : text;
}

/** The prefixes of programs that run other programs. The first group is the name of the source; its line follows. */
const PREFIXES = [
  // pnpm -r: `packages/a test: `, also `. test: `
  /^([\w@./-]+ [\w:-]+)[:$] ?(?=\S|\s|$)/,
  // turbo: `@scope/a:test: `, lerna: `@scope/a: `, nx and others
  /^(@?[\w./-]+(?::[\w:-]+)?): ?/,
  // docker compose: `web-1  | `
  /^([\w.-]+) +\| ?/,
  // concurrently, npm-run-all, yarn workspaces: `[a] `, `[a]: `
  /^\[([^\]\s][^\]]{0,100})\]:? ?/,
];

/** Words of loggers, which are no sources. */
const LEVELS = /^(INFO|ERROR|WARN|WARNING|DEBUG|TRACE)$/;

/** Returns each way to read a line as the line of a marked source; none if it has no prefix. */
export function splitPrefix(line: string): Array<{ source: string; text: string }> {
  return PREFIXES.flatMap((pattern) => {
    const [whole, source] = pattern.exec(line) ?? [];
    return whole === undefined || source === undefined || LEVELS.test(source)
      ? []
      : [{ source, text: line.slice(whole.length) }];
  });
}
