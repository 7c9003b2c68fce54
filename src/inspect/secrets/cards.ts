/**
 * Finds numbers of payment cards: 13 to 19 digits that begin as the numbers of an issuer do and have a correct check digit. Numbers that
 * payment providers publish for tests are not reported. Pure.
 */

const NUMBER =
  /(?<![\w.+\-/=%#])(?:\d{4}([ -])\d{4}\1\d{4}\1\d{1,4}(?:\1\d{1,3})?|\d{4}([ -])\d{6}\2\d{4,5}|\d{13,19})(?![\w\-/%])(?!\.\d)/g;
/** The beginning and the length of each issuer's numbers. */
const ISSUERS =
  /^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11})$/;
/** Words in the line which show that digits without spaces are a card number. */
const CARD_WORD = /card|karte|\bpan\b|visa|master|amex|credit|kredit|carte|tarjeta|payment/i;
const PUBLISHED = new Set(
  `4242424242424242 4111111111111111 4012888888881881 4222222222222 4000056655665556 4000000000000002 4000000000000077
  4000000000000127 4000000000000119 4000000000000069 4000000000000101 4000000000000341 4000000000000259 4000000000003220
  4000000000009995 4000000000009987 4000002500003155 4000002760003184 4000008260003178 4000000000003063 4000008400001629
  4917610000000000 4444333322221111 4988438843884305 4166676667666746 4646464646464644 4007702835532454 4263982640269299
  4005519200000004 4009348888881881 4012000033330026 4012000077777777 4217651111111119 4500600000000061 4005550000000019
  4035501000000008 4360000001000005 4988080000000000 4999999999999996 4539578763621486 4716059790365241 4532015112830366
  5555555555554444 5200828282828210 5105105105105100 5454545454545454 5577000055770004 5555341244441115
  5100290029002909 5136333333333335 5585558555855583 5500000000000004 5424000000000015 5431111111111111 5299990270000368
  2223003122003222 2222405343248877 2222990905257051 2223007648726984 2223000048400011 2223520443560010 2222400070000005
  378282246310005 371449635398431 378734493671000 370000000000002 374251018720018 375987000000005 341111111111111
  6011111111111117 6011000990139424 6011981111111113 6011601160116611 6445644564456445 6011000000000004 6500000000000002
  30569309025904 38520000023237 36227206271667 36006666333344 36700102000000 3056930009020004
  3566002020360505 3530111333300000 3569990010095841 3566111111111113`
    .split(/\s+/)
    .filter((one) => one !== ''),
);

/** Returns the first card number as the text writes it; undefined if there is none. */
export function cardIn(text: string): string | undefined {
  if (!/\d{4}[ -]?\d{4}/.test(text)) return undefined;
  const isNamed = CARD_WORD.test(text);
  const found = [...text.matchAll(NUMBER)].slice(0, 50).find(([written, dash, gap]) => {
    const digits = written.replace(/\D/g, '');
    const isGrouped = (dash ?? gap) !== undefined && digits.length >= 14 && digits.length !== 19;
    return (isGrouped || isNamed) && isCard(digits);
  });
  return found?.[0];
}

function isCard(digits: string): boolean {
  if (!ISSUERS.test(digits) || PUBLISHED.has(digits)) return false;
  // A number with a long run of one digit, with counted digits, or with few different digits is made up.
  if (/(\d)\1{6}/.test(digits) || /1234567890|0123456789/.test(digits) || new Set(digits).size < 4) return false;
  return hasCorrectCheckDigit(digits);
}

/** True if the check digit is correct by Luhn's algorithm. */
function hasCorrectCheckDigit(digits: string): boolean {
  let sum = 0;
  [...digits].reverse().forEach((sign, index) => {
    const value = Number(sign) * (index % 2 === 0 ? 1 : 2);
    sum += value > 9 ? value - 9 : value;
  });
  return sum % 10 === 0;
}
