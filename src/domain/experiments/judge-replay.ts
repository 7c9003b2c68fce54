/**
 * Compares recorded calls with the answers of bare processes: what is a finding, what is a note, what is still to be asked. Pure.
 */
import { answerTo, PARTS } from './replay-setting';
import type { Answers, ReplaySetting, RecordedCall, Trial } from './replay-setting';

export interface ReplayFinding {
  path: string;
  /** Of the function, from 1; 1 where it is not known. */
  line: number;
  name: string;
  /** JSON of the arguments of the first such call, cut. */
  args: string;
  /** What tests were told, cut. */
  recorded: string;
  /** What another process was told, cut. */
  answered: string;
  under: string;
  /** Calls of the function that were answered otherwise. */
  calls: number;
}
/** What all the calls of a candidate came to. */
export interface Replayed {
  /** Calls that bare processes made again. */
  asked: number;
  findings: ReplayFinding[];
  notes: string[];
}
export interface Look {
  setting: ReplaySetting;
  answers: Answers;
  trials?: Trial[] | undefined;
}
/** What a group was asked first. `bare` and `again` differ in nothing that production keeps. */
export interface FirstLooks {
  bare: Look;
  again: Look;
  /** Other clocks. */
  later: Look[];
  /** Other network interfaces. */
  interfaces: Look[];
}
export interface Judged {
  findings: Array<Omit<ReplayFinding, 'line'>>;
  notes: string[];
  /** Answered otherwise outside of tests: asked further before anything is said. */
  suspects: RecordedCall[];
}
/** What the suspects of a group were told further. */
export interface FurtherLooks {
  usual: Look;
  asTests: Look;
  /** In the order of `PARTS`. */
  parts: Look[];
  /** The call alone, in a process of its own. */
  alone: Look;
}

const SHOWN = 200;
/** An answer that tells of interfaces differs with them honestly. */
const TELLS_INTERFACES = /127\.0\.0\.1|10\.20\.30\.40|::1|eth0|"lo"|02:42:0a/;

/** `namesDates`: whether the file of a call names a date to come. */
export function judgeFirst(calls: RecordedCall[], looks: FirstLooks, namesDates: (path: string) => boolean): Judged {
  const judged: Judged = { findings: [], notes: [], suspects: [] };
  for (const call of calls) {
    const bare = answerIn(looks.bare, call);
    if (bare !== answerIn(looks.again, call)) {
      judged.notes.push(`${nameOf(call)} answers differently each time, so it could not be compared`);
    } else if (bare !== call.answer) {
      judged.suspects.push(call);
    } else {
      judgeInterfaces(call, looks, judged);
      judgeClock(call, looks, { judged, namesDates });
    }
  }
  return { ...judged, findings: merged(judged.findings), notes: [...new Set(judged.notes)] };
}

function judgeInterfaces(call: RecordedCall, { interfaces }: FirstLooks, { findings, notes }: Judged): void {
  for (const look of interfaces) {
    const answered = answerIn(look, call);
    if (answered === call.answer) continue;
    const under = look.setting.interfaces === 'none' ? 'without a loopback interface' : 'with a network interface';
    if (TELLS_INTERFACES.test(call.answer + answered)) notes.push(`${nameOf(call)} tells of the network's interfaces`);
    else findings.push(findingOf(call, answered, under));
  }
}

function judgeClock(
  call: RecordedCall,
  { later }: FirstLooks,
  { judged, namesDates }: { judged: Judged; namesDates: (path: string) => boolean },
): void {
  for (const look of later) {
    const answered = answerIn(look, call);
    if (answered === call.answer) continue;
    if (namesDates(call.path)) judged.findings.push(findingOf(call, answered, 'at a later date'));
    else judged.notes.push(`${nameOf(call)} answers otherwise at a later date`);
  }
}

/** Those that are asked alone, too: of each function the first ones, of different arguments. */
export function chosenOf(suspects: RecordedCall[]): RecordedCall[] {
  const lists = new Map<string, Set<string>>();
  return suspects
    .filter(({ path, name, args }) => {
      const key = JSON.stringify([path, name]);
      const known = lists.get(key) ?? new Set();
      lists.set(key, known);
      return known.size < 3 && known.size < known.add(args).size;
    })
    .slice(0, 12);
}

export function judgeFurther(suspects: RecordedCall[], bare: Look, looks: FurtherLooks): Omit<Judged, 'suspects'> {
  const findings: Judged['findings'] = [];
  const notes = new Set<string>();
  for (const call of suspects) {
    const isSame = (look: Look | undefined) => look !== undefined && answerIn(look, call) === call.answer;
    const name = nameOf(call);
    if (isSame(looks.usual)) notes.add(`${name} depends on a variable of its environment`);
    else if (answerIn(looks.asTests, call).startsWith('unloaded'))
      notes.add(`${call.path} could not be loaded outside of its tests`);
    else if (!isSame(looks.asTests))
      notes.add(`${name} could not be asked outside of its tests (files, mocks or state that a test prepares)`);
    else if (isSame(looks.alone)) notes.add(`${name} depends on the calls before it`);
    else {
      const part = PARTS.find((_, index) => isSame(looks.parts[index]));
      findings.push(findingOf(call, answerIn(bare, call), part?.under ?? 'outside of a test run'));
    }
  }
  return { findings: merged(findings), notes: [...notes] };
}

/** Whether the project cannot be loaded at another place: then it is asked where its tests ran. */
export function isUnmovable(calls: RecordedCall[], bare: Look): boolean {
  return calls.some((call) => answerIn(bare, call).startsWith('unloaded'));
}

export function answerIn({ setting, answers }: Look, { n }: RecordedCall): string {
  return answerTo(answers, n, setting);
}

export function nameOf({ path, name }: RecordedCall): string {
  return `${name} (${path})`;
}

export function findingOf(call: RecordedCall, answered: string, under: string): Omit<ReplayFinding, 'line'> {
  const { path, name, args, answer } = call;
  return { path, name, args: cut(args), recorded: cut(answer), answered: cut(answered), under, calls: 1 };
}

function cut(text: string): string {
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

/** One finding for each function and setting; its first call is shown. */
export function merged<T extends Omit<ReplayFinding, 'line'>>(findings: T[]): T[] {
  const all = new Map<string, T>();
  for (const finding of findings) {
    const key = JSON.stringify([finding.path, finding.name, finding.under]);
    const known = all.get(key);
    all.set(key, known === undefined ? finding : { ...known, calls: known.calls + finding.calls });
  }
  return [...all.values()];
}
