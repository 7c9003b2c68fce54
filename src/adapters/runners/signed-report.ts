/**
 * Reads the report channel: signed, numbered lines. A line that is not ours, or is missing, breaks the whole.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ScriptCoverage } from '../../inspect/coverage/line-counts';
import type { TestCase } from '../../ports/test-runner';

/** What the trusted reporters in `sentinel/` say. */
export interface SentinelRecord {
  n: number;
  begin?: true;
  broken?: string;
  test?: { file: string | null; name: string; status: TestCase['status'] };
  coverage?: ScriptCoverage[] | null;
  lines?: Record<string, Array<[number, number]>>;
  end?: number;
  exit?: { code: number; natural: boolean };
}

export interface SignedReport {
  records: SentinelRecord[];
  /** Why the report cannot be believed; undefined where it can. */
  broken: string | undefined;
}

export function readSignedReport(text: string, key: Buffer): SignedReport {
  const records: SentinelRecord[] = [];
  let foreign = false;
  for (const line of text.split('\n').filter(Boolean)) {
    const record = readLine(line, key);
    if (record?.n === records.length) records.push(record);
    else foreign = true;
  }
  if (foreign) return { records, broken: 'something else wrote to the report channel' };
  return { records, broken: findBreak(records) };
}

function readLine(line: string, key: Buffer): SentinelRecord | undefined {
  const body = line.slice(65);
  const expected = createHmac('sha256', key).update(body, 'utf8').digest();
  const given = Buffer.from(line.slice(0, 64), 'hex');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  return JSON.parse(body) as SentinelRecord;
}

function findBreak(records: SentinelRecord[]): string | undefined {
  const told = records.find((record) => record.broken !== undefined)?.broken;
  if (told !== undefined) return told;
  const tests = records.filter((record) => record.test !== undefined).length;
  const has = (name: keyof SentinelRecord): boolean => records.some((record) => record[name] !== undefined);
  const exit = records.find((record) => record.exit !== undefined)?.exit;
  if (exit === undefined) return 'the test process was ended before its last word';
  if (has('begin') && !has('end')) return 'the test process was ended before its tests were through';
  if (!has('begin') && !exit.natural && exit.code === 0) return 'the test process was ended before its tests began';
  const end = records.find((record) => record.end !== undefined)?.end;
  return end !== undefined && end !== tests ? 'the report does not hold as many tests as were counted' : undefined;
}
