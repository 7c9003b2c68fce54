/**
 * Random lives of a build with both approval gates, on the domain: persons approve, reject, edit, delegate, look and click twice, while
 * requests are amended, commits change, time passes and the build is rolled back.
 *
 * The oracle is the test's own: it remembers what each page showed and who approved it, and compares that with what goes on.
 */
import fc from 'fast-check';
import { EVIDENCE, canPass, makePage } from './main-loop';
import type { BuildState } from '../../../src/domain/build/state';
import { applyDue } from '../../../src/domain/build/due';
import { applyOutcome, passHandoff } from '../../../src/domain/build/outcomes';
import { execute } from '../../../src/domain/build/reduce';
import type { CommandName } from '../../../src/domain/commands';
import type { GatePolicy } from '../../../src/domain/people/policy';
import { isPhase } from '../../../src/domain/roles';
import { buildIn, newBuild } from '../a-build';

export const ACTORS = ['ada', 'bob', 'cyd', 'dan'] as const;
/** How often each happens, in relation to the others. */
const WEIGHTS = {
  ...{ approve: 12, double: 2, look: 3, reject: 1, edit: 1, delegate: 1, amend: 1, rollback: 1, retry: 1 },
  ...{ work: 10, fail: 1, pause: 1, resume: 3, time: 2, loop: 14 },
} as const;
type Action = keyof typeof WEIGHTS;

export interface Step {
  action: Action;
  actor: (typeof ACTORS)[number];
  pick: number;
}
const WEIGHTED = (Object.keys(WEIGHTS) as Action[]).flatMap((name) => Array<Action>(WEIGHTS[name]).fill(name));

/** A step as one number, since fast-check makes a million of them. */
export const step = fc.nat(WEIGHTED.length * ACTORS.length * 1_000 - 1);

export function readStep(code: number): Step {
  const [action, rest] = [WEIGHTED[code % WEIGHTED.length], Math.floor(code / WEIGHTED.length)];
  const actor = ACTORS[rest % ACTORS.length];
  return { action: action ?? 'loop', actor: actor ?? 'ada', pick: Math.floor(rest / ACTORS.length) };
}

export const policy: fc.Arbitrary<GatePolicy> = fc.record({
  approval: fc.constant('required' as const),
  quorum: fc.integer({ min: 1, max: 2 }),
  approvers: fc.constantFrom(['bob', 'cyd', 'dan'], ['ada', 'bob', 'cyd', 'dan']),
  proposerMayApprove: fc.boolean(),
  expiresAfterS: fc.constantFrom(40, 100_000),
  onExpiry: fc.constantFrom('wait' as const, 'reject' as const),
});

/** What the test remembers of one life. */
export class Life {
  build: BuildState;
  /** What each page showed, by its digest. */
  readonly shown = new Map<string, string>();
  /** Who approved which page, by accepted commands. */
  readonly approved = new Map<string, Set<string>>();
  readonly passed = new Set<string>();
  /** The pages that each person has looked at, newest last. */
  private readonly seen = new Map<string, Array<{ gate: string; digest: string }>>();
  private clock = Date.parse('2026-11-21T09:00:00.000Z');
  private serial = 0;
  readonly tally = { plans: 0, releases: 0, approved: 0, refused: 0, expired: 0 };

  /** `plan` null: the life begins behind the plan's gate, and only the release needs an approval. */
  constructor(plan: GatePolicy | null, release: GatePolicy) {
    const gates = { ...(plan === null ? {} : { plan }), release };
    this.build = buildIn(plan === null ? 'implementation' : 'planning', { ...newBuild({ mode: 'llm' }), gates });
  }

  take({ action, actor, pick }: Step): void {
    const before = this.build;
    switch (action) {
      case 'approve':
        this.approve(actor, pick);
        break;
      case 'double':
        this.approve(actor, pick);
        this.approve(actor, pick);
        break;
      case 'reject':
        this.decide('reject', actor, pick);
        break;
      case 'edit':
        this.edit(actor, pick);
        break;
      case 'delegate':
        this.send('delegate', { gate: 'plan_approval', to: ACTORS[pick % ACTORS.length], actor });
        break;
      case 'look':
        this.look(actor);
        break;
      case 'amend':
        this.amend(pick);
        break;
      case 'rollback':
        this.send('rollback', { target_state: ['planning', 'implementation', 'testing'][pick % 3], reason: 'r' });
        break;
      case 'retry':
      case 'pause':
      case 'resume':
        this.send(action, { reason: 'r' });
        break;
      case 'work':
      case 'fail':
        this.work(action === 'fail');
        break;
      case 'time':
        this.pass(pick);
        break;
      case 'loop':
        this.loop(pick % 4 === 0);
    }
    if (this.build !== before) this.check(before);
  }

  private now(): string {
    this.clock += 1_000;
    return new Date(this.clock).toISOString();
  }

  private send(name: CommandName, wire: object): boolean {
    const decision = execute(this.build, { name, wire, now: this.now() });
    if (decision.kind === 'refused') this.tally.refused += 1;
    else this.build = decision.build;
    return decision.kind === 'accepted';
  }

  private look(actor: string): void {
    for (const { gate, digest } of this.build.findings ?? [])
      this.seen.set(actor, [...(this.seen.get(actor) ?? []), { gate, digest }]);
  }

  /** A person decides what it has looked at, the newest page or an older one. */
  private decide(name: 'approve' | 'reject', actor: string, pick: number): void {
    const pages = this.seen.get(actor) ?? [];
    const page = pages[pages.length - 1 - (pick % 3 === 0 ? pick % Math.max(1, pages.length) : 0)];
    if (page === undefined || !this.send(name, { ...page, reason: 'r', actor }) || name === 'reject') return;
    this.tally.approved += 1;
    const voices = this.approved.get(page.digest) ?? new Set();
    must(!voices.has(actor), 'nobody approves a page twice');
    must(this.shown.get(page.digest) === contentOf(this.build, page.gate), 'an accepted approval is for what is there');
    this.approved.set(page.digest, voices.add(actor));
  }

  private approve(actor: string, pick: number): void {
    if (pick % 4 > 0) this.look(actor);
    this.decide('approve', actor, pick);
  }

  private edit(actor: string, pick: number): void {
    const page = (this.seen.get(actor) ?? []).at(-1 - (pick % 2));
    this.send('edit_plan', { plan: this.digest(), bytes: 2, expected_digest: page?.digest ?? this.digest(), actor });
  }

  private amend(pick: number): void {
    const request = `sha256:${String(pick % 3).repeat(64)}`;
    const wire = { request, expected_request: this.build.request, changed: ['release'], reason: 'r' };
    this.send('amend', wire);
  }

  private pass(pick: number): void {
    this.clock += (pick % 60) * 1_000;
    const next = applyDue(this.build, this.now());
    if (next !== this.build) this.tally.expired += 1;
    this.build = next;
  }

  /** What the workflow does between two commands. `isOvertaken`: a command comes while the page is made. */
  private loop(isOvertaken: boolean): void {
    if (canPass(this.build)) {
      this.build = passHandoff(this.build, this.now());
      return;
    }
    const page = makePage(this.build, this.digest());
    if (page === null) return;
    const content = contentOf(this.build, page.kind === 'plan' ? 'plan_approval' : 'release_approval');
    if (isOvertaken) this.amend(this.serial);
    this.build = page.open(this.build, this.now());
    if (this.build.approvalGate?.digest === page.digest) this.shown.set(page.digest, content);
  }

  private work(isFailing: boolean): void {
    const { state } = this.build;
    if (!isPhase(state) || this.build.paused) return;
    const usage = { calls: 0, inputTokens: null, outputTokens: null };
    if (isFailing) {
      const failure = { kind: 'failed' as const, type: 'Model.Unauthorized' as const, message: 'no', usage };
      this.build = applyOutcome(this.build, failure, this.now());
      return;
    }
    const commit = String(this.serial % 10).repeat(40);
    const output = { digest: this.digest(), bytes: 2 };
    const isNew = state === 'implementation';
    const worked = {
      kind: 'worked' as const,
      by: 'm',
      output,
      base: 'b'.repeat(40),
      usage,
      notes: 'n',
      objections: [],
    };
    const evidence = { ...EVIDENCE, commit: this.build.commit ?? commit, logDigest: this.digest() };
    const more = { ...(isNew ? { commit } : {}), ...(state === 'testing' ? { evidence } : {}) };
    this.build = applyOutcome(this.build, { ...worked, ...more } as Parameters<typeof applyOutcome>[1], this.now());
  }

  private digest(): string {
    this.serial += 1;
    return `sha256:${this.serial.toString(16).padStart(64, '0')}`;
  }

  /** A build that enters a phase behind a gate goes on with exactly what enough persons have approved, and only once for each page. */
  private check(before: BuildState): void {
    const gate = { implementation: 'plan_approval', deployment: 'release_approval' }[this.build.state as string];
    if (gate === undefined || before.turn === this.build.turn) return;
    const kind = gate === 'plan_approval' ? 'plan' : 'release';
    const digest = this.build.passedGates?.[kind]?.digest ?? '';
    const policy = this.build.gates?.[kind];
    if (policy === undefined) return;
    must(this.shown.get(digest) === contentOf(this.build, gate), `${gate} was approved as it is now`);
    must((this.approved.get(digest)?.size ?? 0) >= (policy.quorum ?? 1), 'enough persons have approved');
    // Work that is sent back to its phase passes no gate again.
    if (before.state !== (kind === 'plan' ? 'handoff_to_coder' : 'handoff_to_releaser')) return;
    must(!this.passed.has(digest), 'no page lets a build pass twice');
    this.passed.add(digest);
    this.tally[kind === 'plan' ? 'plans' : 'releases'] += 1;
    const events = this.build.events.filter(({ type, data }) => type === 'gate_passed' && data.digest === digest);
    must(events.length === 1, 'each passage is one event');
  }
}

/** What the test itself says a page must show. */
function contentOf(build: BuildState, gate: string): string {
  const { generation, request, outputs, base, commit, evidence } = build;
  const judged =
    gate === 'plan_approval'
      ? [outputs.planning?.digest]
      : [base, commit, evidence?.logDigest, outputs.verification?.digest];
  return JSON.stringify([gate, generation, request, ...judged]);
}

function must(isTrue: boolean, law: string): void {
  if (!isTrue) throw new Error(`broken: ${law}`);
}
