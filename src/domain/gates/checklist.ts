/**
 * Gate `checklist`: the evidence of each checklist entry names something that exists: a file, test, digest, commit or id of the plan.
 *
 * The gate checks only that the named thing exists, not that it proves the entry.
 */
import type { ChecklistFacts } from './facts';
import type { Gate } from './gate';
import type { ChecklistEntry, KnownThings } from './known-things';

export const checklist = {
  name: 'checklist',
  phase: ['verification'],
  judges: ['answer_of_overseer'],
  page: {
    expected: "Every entry of the overseer's checklist names a file, test, digest, commit or id that exists.",
    helps: 'Retry verification: the overseer is told which entries stand on nothing.',
  },
  judge: ({ checklist: entries, known }: ChecklistFacts) => ({ reasons: entriesWithoutEvidence(entries, known) }),
} as const satisfies Gate<'answer_of_overseer'>;

/** Returns one objection for each entry whose evidence names nothing that exists. */
export function entriesWithoutEvidence(checklist: ChecklistEntry[], known: KnownThings): string[] {
  const namesKnownThing = createRecognizer(known);
  return checklist
    .filter(({ evidence }) => !namesKnownThing(evidence))
    .map(
      ({ item, evidence }) => `${item}: its evidence names no file, test, digest or commit that exists: "${evidence}"`,
    );
}

const SHORTEST_TEST_NAME_CHARS = 6;
const HEX = /\b[0-9a-f]{7,64}\b/g;

function createRecognizer({ paths, tests, names }: KnownThings): (evidence: string) => boolean {
  const pathsAndFileNames = new Set(paths.flatMap((path) => [path, path.split('/').at(-1) ?? path]));
  const words = new Set(names.map((name) => name.toLowerCase()));
  const digests = names.map((name) => name.replace(/^sha256:/, '')).filter((name) => /^[0-9a-f]{40,64}$/.test(name));
  const titles = tests.map(normalize).filter((title) => title.length >= SHORTEST_TEST_NAME_CHARS);
  return (evidence) => {
    const tokens = evidence.split(/[\s,;()"'`]+/).map((token) => token.replace(/^\.\//, '').replace(/[.:!?]+$/, ''));
    // `src/a.js:12` and `src/a.js#main` name the file.
    if (tokens.some((token) => pathsAndFileNames.has(token) || pathsAndFileNames.has(token.replace(/[:#].*$/, ''))))
      return true;
    if (tokens.some((token) => words.has(token.toLowerCase()))) return true;
    const hexes = evidence.match(HEX) ?? [];
    if (hexes.some((hex) => digests.some((digest) => digest.startsWith(hex)))) return true;
    const text = normalize(evidence);
    return titles.some((title) => text.includes(title));
  };
}

function normalize(text: string): string {
  return text.toLowerCase().replace(/\s+/g, ' ').trim();
}
