/**
 * Values that stand where a secret would: placeholders, references to the environment, words. Pure.
 */

const WORDS =
  /example|sample|dummy|fake|placeholder|changeme|change[-_]me|your[-_]|my[-_]?(?:secret|token|password|key)|replace|redacted|insert|todo|fixme|not[-_]?a[-_]?secret|lorem|test[-_]?(?:secret|token|password|key|value)|(?:secret|token|password|api[-_]?key)[-_]?(?:here|goes|value|name)/i;
/** The value is looked up, not written down. */
const REFERENCE =
  /^[$<{[%@]|\$\{|\{\{|^process\.env|^os\.environ|^import\.meta|^env[.(:]|^secrets?\.|^vault:|^arn:|^file:|^\/|^\.{1,2}\//;

export function isStandIn(value: string): boolean {
  return WORDS.test(value) || REFERENCE.test(value) || isMonotone(value) || isSequence(value);
}

/** `xxxxxxxx`, `********`, `ababab...`: too few different signs for its length. */
function isMonotone(value: string): boolean {
  return new Set(value.toLowerCase()).size <= Math.min(4, value.length / 2);
}

/** `1234567890`, `abcdefgh`: what fingers and alphabets do by themselves. */
function isSequence(value: string): boolean {
  const rows = '01234567890123456789 abcdefghijklmnopqrstuvwxyz qwertyuiopasdfghjklzxcvbnm';
  const bare = value.toLowerCase().replace(/[^a-z0-9]/g, '');
  return (
    bare.length >= 6 && (rows.includes(bare) || /^(?:0123456789abcdef|1234567890|abcdef){1,8}[0-9a-f]{0,8}$/.test(bare))
  );
}

/** Bits of Shannon entropy a character. */
export function entropyOf(value: string): number {
  const counts = new Map<string, number>();
  for (const sign of value) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return [...counts.values()].reduce((sum, count) => {
    const share = count / value.length;
    return sum - share * Math.log2(share);
  }, 0);
}
