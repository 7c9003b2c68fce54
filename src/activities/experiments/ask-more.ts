/**
 * Steady functions, asked further: in one process that lives long, with the settings of production, beside other modules of the
 * project, and by the file that its package hands out.
 *
 * What would accuse is asked once more in a new process.
 */
import { BARE } from '../../domain/experiments/replay-setting';
import type { ReplaySetting, RecordedCall, RecordedGroup } from '../../domain/experiments/replay-setting';
import { answerIn, findingOf, nameOf } from '../../domain/experiments/judge-replay';
import type { FirstLooks, Judged, Look } from '../../domain/experiments/judge-replay';
import { accusedBy, confirmed, isOtherResult, keyOf, steadyCalls, tellsTime } from '../../domain/experiments/trials';
import type { Around } from './around';

interface AskMore {
  ask: (setting: ReplaySetting, calls?: RecordedCall[]) => Promise<Look>;
  group: RecordedGroup;
  isSame: (call: RecordedCall) => boolean;
  looks: FirstLooks;
  around: Around;
  known: Set<string>;
}
type Said = Pick<Judged, 'findings' | 'notes'>;
interface Asking extends AskMore {
  calls: RecordedCall[];
}

const TRIAL_MS = 800;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Python reads an offset without a list of places; its sign is turned around. */
const ZONES = {
  node: { far: ['Asia/Kolkata', 'Europe/Berlin', 'America/Los_Angeles', 'Pacific/Auckland'], same: 'Africa/Abidjan' },
  python: { far: ['IST-5:30', 'CET-1', 'PST8', 'NZST-12'], same: 'GMT0' },
};
const LANGUAGE = { LANG: 'de_DE.UTF-8', LC_ALL: 'de_DE.UTF-8' };

export async function askMore(given: AskMore): Promise<Said> {
  const { group, known } = given;
  const calls = steadyCalls(group.calls, given.isSame);
  const isNew = calls.some((call) => !known.has(`${keyOf(call)}\n${call.args}`));
  for (const call of calls) known.add(`${keyOf(call)}\n${call.args}`);
  if (!isNew) return { findings: [], notes: [] };
  const asking = { ...given, calls };
  const [stayed, elsewhere, beside, built] = await Promise.all([
    askLong(asking),
    askElsewhere(asking),
    askBeside(asking),
    askBuilt(asking),
  ]);
  const all = [stayed, elsewhere, beside, built];
  return { findings: all.flatMap(({ findings }) => findings), notes: all.flatMap(({ notes }) => notes) };
}

async function askLong({ ask, calls }: Asking): Promise<Said> {
  const setting: ReplaySetting = { ...BARE, trialMs: TRIAL_MS };
  const trials = async () => {
    const look = await ask(setting);
    return { setting: look.setting, trials: look.trials && accusedBy(look.trials, { calls, setting: look.setting }) };
  };
  const first = await trials();
  if (first.trials === undefined)
    return { findings: [], notes: ['the calls of tests could not be made many times in one process'] };
  if (first.trials.length === 0) return { findings: [], notes: [] };
  const isLate = first.trials.some(({ kind }) => kind === 'day_later');
  const [second, late] = await Promise.all([trials(), isLate ? ask({ ...BARE, shiftMs: DAY_MS }) : undefined]);
  const counted = confirmed(first.trials, second.trials ?? [], late);
  const others = first.trials.filter((one) => !counted.includes(one));
  return {
    findings: counted.map(({ call, answered, under }) => findingOf(call, answered, under)),
    notes: others.map(({ call, under }) => `${nameOf(call)} answered otherwise ${under}, which was not seen again`),
  };
}

/** Calls whose answers the look changed, each with that answer. */
function changedBy(look: Look, calls: RecordedCall[]) {
  return calls.flatMap((call) => {
    const answered = answerIn(look, call);
    return answered === call.answer || /^(?:unloaded|other)\b/.test(answered) ? [] : [{ call, answered }];
  });
}

async function askElsewhere(asking: Asking): Promise<Said> {
  const { ask, calls, group, around } = asking;
  const isPython = group.calls[0]?.kind === 'python';
  const zones = ZONES[isPython ? 'python' : 'node'];
  // Runs of the sandbox have that of Greenwich.
  const isZoned = (group.env['TZ'] ?? 'UTC') === 'UTC' && !around.isNamed('TZ');
  const wanted = Object.entries({ NODE_ENV: 'production', ...around.variables });
  const variables = Object.fromEntries(
    wanted.filter(([name]) => (name === 'NODE_ENV' || group.env[name] === undefined) && !around.isNamed(name)),
  );
  const zone = isZoned ? { TZ: zones.far[0] ?? '' } : {};
  const all: ReplaySetting = { ...BARE, more: { ...LANGUAGE, ...zone, ...variables }, isOptimized: isPython };
  const changed = changedBy(await ask(all), calls).map(({ call }) => call);
  if (changed.length === 0) return { findings: [], notes: [] };
  const [zoned, set, spoken, optimized] = await Promise.all([
    isZoned ? judgeZones({ ...asking, calls: changed }, zones) : undefined,
    judgeSetting({ ...asking, calls: changed }, { more: variables }),
    judgeSetting({ ...asking, calls: changed }, { more: LANGUAGE }),
    isPython ? judgeSetting({ ...asking, calls: changed }, { isOptimized: true }) : undefined,
  ]);
  const said = [zoned, set, spoken, optimized].filter((one) => one !== undefined);
  return { findings: said.flatMap(({ findings }) => findings), notes: said.flatMap(({ notes }) => notes) };
}

async function judgeSetting(
  { ask, calls }: Asking,
  { more = {}, isOptimized = false }: { more?: Record<string, string>; isOptimized?: boolean },
): Promise<Said> {
  if (!isOptimized && Object.keys(more).length === 0) return { findings: [], notes: [] };
  const under = isOptimized
    ? 'where Python runs without assertions'
    : `where ${Object.keys(more).slice(0, 5).join(', ')} ${Object.keys(more).length === 1 ? 'is' : 'are'} set as in production`;
  const look = await ask({ ...BARE, more, isOptimized });
  const changed = changedBy(look, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const again = await ask({ ...BARE, more, isOptimized });
  const counts = ({ call, answered }: { call: RecordedCall; answered: string }) =>
    answerIn(again, call) === answered && isOtherResult(call, answered);
  return toSaid(changed, counts, under);
}

/** Honest answers tell a time, and differ from place to place. */
async function judgeZones(asking: Asking, { far, same }: (typeof ZONES)['node']): Promise<Said> {
  const { ask, calls } = asking;
  const [first, ...others] = await Promise.all([...far, same].map((TZ) => ask({ ...BARE, more: { TZ } })));
  if (first === undefined) return { findings: [], notes: [] };
  const changed = changedBy(first, calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const near = others.pop();
  const hours = await Promise.all([3, 7, 11, 17].map((count) => ask({ ...BARE, shiftMs: count * HOUR_MS })));
  const counts = ({ call, answered }: { call: RecordedCall; answered: string }) =>
    near !== undefined &&
    !tellsTime(call, answered) &&
    [near, ...hours].every((look) => answerIn(look, call) === call.answer) &&
    others.every((look) => answerIn(look, call) === answered);
  return toSaid(changed, counts, 'where the clock has another offset than Greenwich');
}

async function askBeside({ ask, calls, group, around }: Asking): Promise<Said> {
  const loads = await around.beside([...new Set(group.calls.map(({ path }) => path))]);
  if (loads.length === 0) return { findings: [], notes: [] };
  const changed = changedBy(await ask({ ...BARE, loads }), calls);
  if (changed.length === 0) return { findings: [], notes: [] };
  const again = await ask({ ...BARE, loads });
  const under = 'where other modules of the project are loaded';
  return toSaid(
    changed,
    ({ call, answered }) => answerIn(again, call) === answered && isOtherResult(call, answered),
    under,
  );
}

async function askBuilt({ ask, calls, around }: Asking): Promise<Said> {
  const said: Said = { findings: [], notes: [] };
  for (const built of around.built) {
    const others = calls.filter(({ path, kind }) => path !== built && kind !== 'python');
    if (others.length === 0) continue;
    const changed = changedBy(await ask({ ...BARE, built }, others), others);
    const { findings, notes } = toSaid(changed, ({ call, answered }) => isOtherResult(call, answered), `by ${built}`);
    said.findings.push(...findings);
    said.notes.push(...notes);
  }
  return said;
}

function toSaid(
  changed: Array<{ call: RecordedCall; answered: string }>,
  counts: (one: { call: RecordedCall; answered: string }) => boolean,
  under: string,
): Said {
  return {
    findings: changed.filter(counts).map(({ call, answered }) => findingOf(call, answered, under)),
    notes: changed.filter((one) => !counts(one)).map(({ call }) => `${nameOf(call)} answers otherwise ${under}`),
  };
}
