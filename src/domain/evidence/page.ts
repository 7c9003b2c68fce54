/**
 * An evidence page: what one gate or experiment ran, expected and found, and what helps. Types and size limits.
 *
 * A page is for people: it names artifacts by digest and does not repeat their content.
 */

/** Values of the API. `held`: this gate or experiment stops the build, because it has a finding that nobody has approved. */
export type PageVerdict = 'passed' | 'held' | 'not_measured';

export interface Page {
  name: string;
  kind: 'gate' | 'experiment';
  verdict: PageVerdict;
  ran: {
    /** The judged commit, 40 hex digits; null if none was. */
    commit: string | null;
    /** False if the build has moved to another commit since. */
    isCurrent: boolean;
    /** The commands that ran, in their short form; empty for a gate that only reads. */
    commands: string[];
  };
  expected: string;
  seen: string[];
  helps: string;
  digests: Array<{ what: string; digest: string }>;
  /** Single places of the change, those that speak against it first; only experiments have them. */
  places: Place[];
  /** How many entries of `seen` and `places` are left out. */
  omitted: { seen: number; places: number };
}

export interface Place {
  path: string;
  line: number;
  /** What was broken, or which expectation was changed, or what was found. */
  says: string;
  outcome: 'not_noticed' | 'noticed' | 'not_run' | 'shows_nothing' | 'turned_red' | 'found';
  /** How often the tests ran with this break; null if that is not known. */
  asked: number | null;
  /** The first tests that failed because of it. */
  red: string[];
}

export interface PageBounds {
  seen: number;
  places: number;
}
/** Limits for each page in an answer with all pages, and for a page requested alone. */
export const BOUNDS_IN_LIST: PageBounds = { seen: 20, places: 50 };
export const BOUNDS_OF_ONE: PageBounds = { seen: 200, places: 2_000 };

/** A page before its lists are shortened. */
export type PageDraft = Omit<Page, 'omitted' | 'places' | 'digests'> & Partial<Pick<Page, 'places' | 'digests'>>;

export function limitPage({ places = [], digests = [], seen, ...draft }: PageDraft, bounds: PageBounds): Page {
  const shown = { seen: seen.slice(0, bounds.seen), places: places.slice(0, bounds.places) };
  const omitted = { seen: seen.length - shown.seen.length, places: places.length - shown.places.length };
  const { name, kind, verdict, ran, expected, helps } = draft;
  return { name, kind, verdict, ran, expected, seen: shown.seen, helps, digests, places: shown.places, omitted };
}
