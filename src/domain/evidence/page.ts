/**
 * A page of the evidence: what one gate or one experiment ran, expected and saw, and what helps. Types and bounds.
 *
 * A page is for people: it names artifacts by digest and repeats none of them.
 */

export type PageVerdict = 'passed' | 'held' | 'not_measured';

export interface Page {
  name: string;
  kind: 'gate' | 'experiment';
  verdict: PageVerdict;
  ran: {
    /** The commit that was judged, 40 hex digits; null where none was. */
    commit: string | null;
    /** False where the build has another commit by now. */
    isCurrent: boolean;
    /** What ran for it, as people are shown it; a gate that only reads has none. */
    commands: string[];
  };
  expected: string;
  seen: string[];
  helps: string;
  digests: Array<{ what: string; digest: string }>;
  /** Line by line, what speaks against the change first; only experiments have them. */
  places: Place[];
  /** How much of `seen` and `places` is left out. */
  omitted: { seen: number; places: number };
}

export interface Place {
  path: string;
  line: number;
  /** What was broken, or changed in the expectation, or found. */
  says: string;
  outcome: 'not_noticed' | 'noticed' | 'not_run' | 'shows_nothing' | 'turned_red' | 'found';
  /** How often the tests were run with it; null where that is not known. */
  asked: number | null;
  /** Tests that turned red, the first ones. */
  red: string[];
}

export interface PageBounds {
  seen: number;
  places: number;
}
/** Of all pages together in one answer, and of one page alone. */
export const EACH_OF_ALL: PageBounds = { seen: 20, places: 50 };
export const ALONE: PageBounds = { seen: 200, places: 2_000 };

/** A page before it is bounded. */
export type PageDraft = Omit<Page, 'omitted' | 'places' | 'digests'> & Partial<Pick<Page, 'places' | 'digests'>>;

export function bounded({ places = [], digests = [], seen, ...draft }: PageDraft, bounds: PageBounds): Page {
  const shown = { seen: seen.slice(0, bounds.seen), places: places.slice(0, bounds.places) };
  const omitted = { seen: seen.length - shown.seen.length, places: places.length - shown.places.length };
  const { name, kind, verdict, ran, expected, helps } = draft;
  return { name, kind, verdict, ran, expected, seen: shown.seen, helps, digests, places: shown.places, omitted };
}
