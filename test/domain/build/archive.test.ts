/** After any number of commands the state of a build stays small, and the archive has all removed events in order. */
import { randomInt } from 'node:crypto';
import { withoutArchivedPage, nextArchivePage, trailCounts } from '../../../src/domain/build/archive';
import type { ArchivePage } from '../../../src/domain/build/archive';
import type { BuildState } from '../../../src/domain/build/state';
import type { AuditEvent } from '../../../src/domain/build/trail';
import { withSavedContent } from '../../../src/domain/build/outcomes';
import { cardOf } from '../../../src/domain/build/card';
import { advanceOf, apply, buildIn, newBuild } from '../a-build';

function archiveAll(build: BuildState, pages: Map<string, ArchivePage>): BuildState {
  let next = build;
  for (let page = nextArchivePage(next); page !== null; page = nextArchivePage(next)) {
    const digest = `sha256:${pages.size}`;
    pages.set(digest, JSON.parse(JSON.stringify(page)) as ArchivePage);
    next = withoutArchivedPage(next, page, digest);
  }
  return next;
}

function wholeTrail(build: BuildState, pages: Map<string, ArchivePage>): AuditEvent[] {
  let events = build.events;
  for (let at = build.archive?.digest ?? null; at !== null; at = pages.get(at)?.previous ?? null) {
    events = [...(pages.get(at)?.events ?? []), ...events];
  }
  return events;
}

test('after 2,000 pauses and resumes with long reasons no event is lost and the state is small', () => {
  const pages = new Map<string, ArchivePage>();
  let [build, unarchived] = [newBuild(), newBuild()];
  for (let n = 0; n < 2_000; n++) {
    const name = build.paused ? 'resume' : 'pause';
    const wire = { reason: `${n} ${'題'.repeat(1_990)}` };
    [build, unarchived] = [apply(build, name, wire), apply(unarchived, name, wire)];
    // Archive only now and then: many signals may arrive before the workflow's main loop runs.
    if (randomInt(40) === 0) build = archiveAll(build, pages);
  }
  build = archiveAll(build, pages);
  expect(Buffer.byteLength(JSON.stringify(build))).toBeLessThan(1_000_000);
  expect(wholeTrail(build, pages)).toEqual(unarchived.events);
  expect(trailCounts(build)).toEqual({ events: 2_001, handoffs: 0 });
  for (const page of pages.values()) expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(1_000_000);
});

test('archived handoffs stay in the counts of the trail and the card, and the newest handoff stays in the state', () => {
  const pages = new Map<string, ArchivePage>();
  let build = buildIn('error');
  for (let n = 0; n < 400; n++) {
    build = apply(build, 'retry', { reason: 'r'.repeat(2_000) });
    build = apply(build, 'advance', { ...advanceOf(build.state), next_state: 'error' });
    for (const standIn of Object.keys(build.unsaved)) build = withSavedContent(build, standIn, `sha256:${n}`);
    build = archiveAll(build, pages);
  }
  expect(trailCounts(build).handoffs).toBe(806);
  expect(cardOf(build).handoffCount).toBe(806);
  expect(build.handoffs.at(-1)).toMatchObject({ toState: 'error' });
  expect(build.failures).toEqual({ testing: 401 });
  expect(JSON.stringify(build).length).toBeLessThan(400_000);
});

test('nothing is archived while inline content is not in the artifact store', () => {
  const many = { ...newBuild(), events: Array<AuditEvent>(400).fill(newBuild().events[0] as AuditEvent) };
  expect(nextArchivePage(many)).not.toBeNull();
  expect(nextArchivePage({ ...many, unsaved: { 'unsaved:1': '{}' } })).toBeNull();
});

test('the counts stay right if an event was added and a refused one dropped while the page was stored', () => {
  let build = newBuild();
  for (let n = 0; n < 301; n++) build = apply(build, build.paused ? 'resume' : 'pause', { reason: 'x' });
  const page = nextArchivePage(build) as ArchivePage;
  const meanwhile = apply({ ...build, events: build.events.slice(1) }, 'resume', { reason: 'last' });
  const kept = withoutArchivedPage(meanwhile, page, 'sha256:1');
  expect(kept.events[0]).toBe(build.events[150]);
  expect(trailCounts(kept).events).toBe(303);
});
