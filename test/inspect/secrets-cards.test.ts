/** Finds numbers of payment cards in added lines. They are joined here, so that no file of this repository contains one. */
import { scanSecrets } from '../../src/inspect/secrets/secrets';

const rulesIn = (text: string, path = 'src/a.js'): string[] =>
  scanSecrets([{ path, line: 1, text }]).map(({ rule }) => rule);
const CARD = ['5425', '2334', '3010', '9903'];

test.each([`"card": "${CARD.join(' ')}"`, `const x = '${CARD.join('-')}';`, `const card = ${CARD.join('')};`])(
  'the number of a card is found: row %#',
  (text) => expect(rulesIn(text, 'tests/buyers.json')).toEqual(['number of a payment card']),
);

test.each([
  "const card = '4242 4242 4242 4242';",
  "const card = '4111111111111111';",
  "const card = '5425 2334 3010 9904';",
  `const id = ${CARD.join('')};`,
  `const card = 'a${CARD.join('')}';`,
  `const ratio = 0.${CARD.join('')}; // of the card`,
  "const since = '2026-11-27 10:00:00.123456';",
])('a published, invalid or other number is no card number: row %#', (text) => expect(rulesIn(text)).toEqual([]));
