/**
 * Finds the units of data files: numbers, booleans and words such as "off" that have a key in JSON, YAML, TOML, .properties and
 * similar formats.
 *
 * It reads each line once, from left to right, without a parser. Many changed values become one unit that changes all of them.
 */
import { applyEdits, describeBreak } from '../../domain/experiments/units';
import type { ChangedFile, Edit, Unit } from '../../domain/experiments/units';
import { oneMore } from './literals';

interface Value {
  key: string;
  line: number;
  text: string;
  edit: Edit;
}

/** If more values change, they become one unit together. */
const MAX_SINGLE_UNITS = 3;
const MAX_LINE_CHARS = 5_000;
const MAX_VALUES = 5_000;
/** Keys of values for the operation or the display of a program. They are no rules of the product. */
const OPERATING_KEY =
  /^(?:\$?schema|id|host|hostname|port|timeout|level|log|logging|debug|verbose|indent|width|height|workers|threads|replicas|retries|interval|pool|ttl|year|date|color)$|version|[._-]port$|Port$|timeout|log_?level|pool_?size|_ms$|Ms$/i;
/** Paths of translations, in which words are texts and no switches. */
const TRANSLATIONS = /(^|[/._-])(?:locales?|i18n|l10n|lang|langs|languages?|translations?)[/._-]/i;
/** Words that switch something. */
const SWITCH_WORDS = /^(?:on|off|yes|no|none|never|always|enabled|disabled|allow|deny)$/;

export function unitsOfData({ path, after, changed }: Pick<ChangedFile, 'path' | 'after' | 'changed'>): Unit[] {
  const countsWords = !TRANSLATIONS.test(path);
  const found = valuesOf(path, after).filter(
    ({ key, line, text }) => changed.has(line) && !OPERATING_KEY.test(key) && (countsWords || !SWITCH_WORDS.test(text)),
  );
  const unitOf = (line: number, says: string, edit: Edit): Unit => ({
    ...{ path, line, kind: 'constant', owner: null, says: describeBreak(says), edit, mark: 'data' },
  });
  const [first] = found;
  if (first === undefined) return [];
  if (found.length <= MAX_SINGLE_UNITS)
    return found.map(({ key, line, text, edit }) => unitOf(line, `${key} ${text}: ${edit.text}`, edit));
  const from = first.edit.from;
  const to = found.at(-1)?.edit.to ?? from;
  const edits = found.map(({ edit }) => ({ ...edit, from: edit.from - from, to: edit.to - from }));
  const names = found.slice(0, 3).map(({ key }) => key);
  const all = { from, to, text: applyEdits(after.slice(from, to), edits) };
  return [unitOf(first.line, `${found.length} values such as ${names.join(', ')}: other ones`, all)];
}

function valuesOf(path: string, text: string): Value[] {
  const read = /\.json[5c]?$/i.test(path) ? valuesOfJson : valuesOfLine;
  const values: Value[] = [];
  let at = 0;
  for (const [index, line] of text.split('\n').entries()) {
    if (values.length >= MAX_VALUES) break;
    if (line.length <= MAX_LINE_CHARS)
      values.push(
        ...read(line).map(({ edit, ...one }) => ({
          ...{ ...one, line: index + 1, edit: { ...edit, from: edit.from + at, to: edit.to + at } },
        })),
      );
    at += line.length + 1;
  }
  return values;
}

/** A value of a line that the caller numbers. */
type ValueInLine = Omit<Value, 'line'>;

/** Reads `indent key: value` or `key = value`. A comment or the comma of a list may follow. */
function valuesOfLine(line: string): ValueInLine[] {
  // An optional list dash or `export`, the key, `:` or `=`, the value with or without quotes.
  const found =
    /^\s*(?:- )?\s*(?:export )?["']?([\w.-]{1,80})["']?\s{0,20}[:=]\s{0,20}(["']?)([\w.+-]{1,40})\2\s{0,20}(?:[#;,].*)?\r?$/.exec(
      line,
    );
  if (found === null) return [];
  const [, key = '', quote = '', value = ''] = found;
  const start = line.indexOf(value, line.search(/[:=]/));
  return valueAt(key, value, { from: start, isQuoted: quote !== '' });
}

/** Inverse booleans in the same spelling. */
const OTHER_BOOLEANS: ReadonlyMap<string, string> = new Map([
  ['TRUE', 'FALSE'],
  ['True', 'False'],
  ['FALSE', 'TRUE'],
  ['False', 'True'],
]);

const NUMBER_OR_WORD = /^(?:-?\d[\d.eE+_-]{0,30}|[A-Za-z]{2,5})/;

/** Reads one line of JSON: a string before a colon is the key of the next value. */
function valuesOfJson(line: string): ValueInLine[] {
  const values: ValueInLine[] = [];
  let key = '';
  for (let at = 0; at < line.length; at += 1) {
    const sign = line[at] ?? '';
    if (line.startsWith('//', at)) break;
    if (sign === '"') {
      const end = endOfText(line, at);
      const content = line.slice(at + 1, end);
      if (/^\s{0,20}:/.test(line.slice(end + 1, end + 30))) key = content;
      else values.push(...valueAt(key, content, { from: at + 1, isQuoted: true }));
      at = end;
      continue;
    }
    const bare = /[\w-]/.test(sign) ? NUMBER_OR_WORD.exec(line.slice(at, at + 40))?.[0] : undefined;
    if (bare === undefined) continue;
    values.push(...valueAt(key, bare, { from: at, isQuoted: false }));
    at += bare.length - 1;
  }
  return values;
}

function endOfText(line: string, open: number): number {
  for (let at = open + 1; at < line.length; at += 1) {
    if (line[at] === '\\') at += 1;
    else if (line[at] === '"') return at;
  }
  return line.length;
}

function valueAt(key: string, value: string, { from, isQuoted }: { from: number; isQuoted: boolean }): ValueInLine[] {
  const other = otherOf(value);
  // Long quoted numbers are names, for example of an account.
  if (other === undefined || (isQuoted && value.length > 12)) return [];
  return [{ key, text: value, edit: { from, to: from + value.length, text: other } }];
}

/** Returns another value of the same kind; undefined if the value is none that can be changed. */
function otherOf(value: string): string | undefined {
  if (SWITCH_WORDS.test(value)) return `${value}_broken`;
  if (/^(?:true|false)$/i.test(value)) return OTHER_BOOLEANS.get(value) ?? (/^true$/i.test(value) ? 'false' : 'true');
  const [sign, bare] = value.startsWith('-') ? ['-', value.slice(1)] : ['', value];
  const more = /^\d[\d_]*(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(bare) ? oneMore(bare) : undefined;
  return more === undefined ? undefined : `${sign}${more}`;
}
