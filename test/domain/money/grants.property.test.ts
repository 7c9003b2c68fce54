/**
 * Random orders of asks, reports, ends, lost and repeated messages, day changes and raises: builds of one project never spend more
 * than its caps, what they do not use comes back, and no waiting build is forgotten.
 */
import fc from 'fast-check';
import { beginMoney, chargedOf, startDay } from '../../../src/domain/money/accounts';
import type { ProjectMoney } from '../../../src/domain/money/accounts';
import { NOTHING, addAmounts, kindOverCap } from '../../../src/domain/money/amounts';
import type { Amounts } from '../../../src/domain/money/amounts';
import { decideAsk, serveQueue, takeReport } from '../../../src/domain/money/grants';
import type { GrantAnswer, GrantAsk, GrantDocument, MoneyReport } from '../../../src/domain/money/grants';
import { isCovered, nextGrant } from '../../../src/domain/money/room';

const BUILDS = 6;
const WORLDS = 1_000;

interface Build {
  id: string;
  epoch: number;
  spent: Amounts;
  spentToday: Amounts;
  /** What it needs while it waits at a cap; null while it works. */
  waitsFor: Amounts | null;
  hasEnded: boolean;
  asks: number;
}
type Mail = { ask: GrantAsk } | { report: MoneyReport };

/** A ledger with its builds, the messages on their way, and the documents that activities read. */
class World {
  money: ProjectMoney = beginMoney('2026-11-28T00:00:00Z');
  caps = { total: amounts(1_000), day: amounts(600) };
  builds: Build[] = Array.from({ length: BUILDS }, (_, n) => ({
    ...{
      id: `b${n}`,
      epoch: 0,
      spent: NOTHING,
      spentToday: NOTHING,
      waitsFor: null,
      hasEnded: false,
      asks: 0,
      asked: NOTHING,
    },
  }));
  documents = new Map<string, Omit<GrantDocument, 'at'>>();
  mail: Mail[] = [];
  ended = new Set<string>();
  days = 0;

  /** One call of a build that may cost up to `ceiling` and costs a part of it. */
  work(build: Build, ceiling: number, percent: number): void {
    if (build.hasEnded || build.waitsFor !== null) return;
    const needed = addAmounts(build.spent, amounts(ceiling));
    const document = this.documents.get(build.id);
    if (document?.epoch === build.epoch && isCovered(needed, document.granted)) {
      const cost = amounts(Math.floor((ceiling * percent) / 100));
      build.spent = addAmounts(build.spent, cost);
      build.spentToday = addAmounts(build.spentToday, cost);
      return;
    }
    const id = `${build.id}-${build.asks}`;
    if (document?.refused !== undefined && document.answers === id) return this.wait(build, needed);
    build.asks += 1;
    const ask = { id: `${build.id}-${build.asks}`, buildId: build.id, epoch: build.epoch, spent: build.spent, needed };
    this.mail.push({ ask });
  }

  wait(build: Build, waitsFor: Amounts | null): void {
    build.epoch += 1;
    build.waitsFor = waitsFor;
    this.report(build);
  }

  report({ id: buildId, epoch, spent, waitsFor, hasEnded }: Build): void {
    this.mail.push({ report: { buildId, epoch, spent, hasEnded, ...(waitsFor === null ? {} : { waitsFor }) } });
  }

  end(build: Build): void {
    if (build.hasEnded) return;
    build.hasEnded = true;
    this.report(build);
  }

  deliver(index: number, { again }: { again: boolean }): void {
    if (this.mail.length === 0) return;
    const at = index % this.mail.length;
    const [mail] = again ? [this.mail[at]] : this.mail.splice(at, 1);
    if (mail !== undefined) this.receive(mail);
  }

  receive(mail: Mail): void {
    const sender = 'ask' in mail ? mail.ask.buildId : mail.report.buildId;
    if (this.ended.has(sender)) return;
    if ('ask' in mail) {
      const { money, answer } = decideAsk(this.money, mail.ask, this.caps);
      this.money = money;
      if (answer !== null) this.write(answer);
    } else {
      const { money, voided } = takeReport(this.money, mail.report);
      this.money = money;
      if (voided !== null) this.write(voided);
      if (mail.report.hasEnded) this.ended.add(sender);
    }
    this.serve();
  }

  serve(): void {
    const { money, answers } = serveQueue(this.money, this.caps);
    this.money = money;
    for (const answer of answers) {
      this.write(answer);
      const build = this.builds.find(({ id }) => id === answer.buildId);
      if (build !== undefined) build.waitsFor = null;
    }
  }

  write({ buildId, document }: GrantAnswer): void {
    this.documents.set(buildId, document);
  }

  nextDay(): void {
    this.days += 1;
    for (const build of this.builds) build.spentToday = NOTHING;
    this.money = startDay(this.money, new Date(Date.UTC(2026, 10, 28 + this.days)).toISOString());
    this.serve();
  }

  check(): void {
    const { total, day } = chargedOf(this.money);
    requireBelow('charged in total', total, this.caps.total);
    requireBelow('charged today', day, this.caps.day);
    requireBelow('spent in total', sum(this.builds.map(({ spent }) => spent)), total);
    requireBelow('spent today', sum(this.builds.map(({ spentToday }) => spentToday)), day);
  }
}

const step = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({
      do: fc.constant('work' as const),
      build: fc.nat(BUILDS - 1),
      ceiling: fc.integer({ min: 1, max: 200 }),
      percent: fc.nat(100),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom('deliver' as const, 'repeat' as const), index: fc.nat(50) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), index: fc.nat(50) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constantFrom('pause' as const, 'end' as const), build: fc.nat(BUILDS - 1) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('day' as const, 'raise' as const) }) },
);

test('whatever the order of messages, no cap is exceeded, the unused part comes back, and no waiting build is forgotten', () => {
  let waited = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 20, maxLength: 120, size: 'max' }), (steps) => {
      const world = new World();
      for (const one of steps) {
        const build = 'build' in one ? (world.builds[one.build] as Build) : undefined;
        if (one.do === 'work' && build) world.work(build, one.ceiling, one.percent);
        else if (one.do === 'pause' && build?.waitsFor === null && !build.hasEnded) world.wait(build, null);
        else if (one.do === 'end' && build) world.end(build);
        else if (one.do === 'deliver') world.deliver(one.index, { again: false });
        else if (one.do === 'repeat') world.deliver(one.index, { again: true });
        // Only an ask may be lost: an activity asks again, and a workflow sends its report until it has arrived.
        else if (one.do === 'lose') world.mail = world.mail.filter((mail, n) => n !== one.index || 'report' in mail);
        else if (one.do === 'day') world.nextDay();
        else if (one.do === 'raise') {
          world.caps = {
            total: addAmounts(world.caps.total, amounts(100)),
            day: addAmounts(world.caps.day, amounts(50)),
          };
          world.serve();
        }
        world.check();
      }
      while (world.mail.length > 0) world.deliver(0, { again: false });
      waited += world.builds.filter(({ waitsFor }) => waitsFor !== null).length;
      checkWaiting(world);
      world.caps = { total: amounts(1_000_000), day: amounts(1_000_000) };
      world.serve();
      for (const build of world.builds) if (!build.hasEnded) expect(build.waitsFor).toBeNull();
      for (const build of world.builds) world.end(build);
      while (world.mail.length > 0) world.deliver(0, { again: false });
      expect(chargedOf(world.money).total).toEqual(sum(world.builds.map(({ spent }) => spent)));
      expect(world.money).toMatchObject({ accounts: {}, queue: [] });
    }),
    { numRuns: WORLDS },
  );
  // Worlds in which no build waits would prove little.
  expect(waited).toBeGreaterThan(WORLDS / 50);
});

/** Each waiting build stands in the queue, and for none of them is there room. */
function checkWaiting({ builds, money, caps }: World): void {
  const charged = chargedOf(money);
  for (const { id, epoch, waitsFor, hasEnded } of builds) {
    if (waitsFor === null || hasEnded) continue;
    expect(money.queue).toContainEqual({ buildId: id, epoch, needed: waitsFor });
    const granted = money.accounts[id]?.granted ?? NOTHING;
    expect(nextGrant(granted, waitsFor, { caps, charged, isShort: true })).toHaveProperty('refused');
  }
}

function amounts(size: number): Amounts {
  return { microUsd: size, tokens: size * 10, calls: size };
}

function sum(all: Amounts[]): Amounts {
  return all.reduce(addAmounts, NOTHING);
}

function requireBelow(what: string, actual: Amounts, cap: Amounts): void {
  const kind = kindOverCap(actual, cap);
  if (kind !== null) throw new Error(`${what}: ${actual[kind]} ${kind} of ${cap[kind]}`);
}
