/**
 * Who did something to a build, and what it says of itself beside that.
 */
export interface Sender {
  /** The name of the token; where nobody is asked for one, what the sender calls itself. A role, for what a role did. */
  actor: string;
  /** What `X-Actor` said beside a token: the word of its holder. Absent where it said nothing. */
  remark?: string;
}

/** Who changes a build, and when. */
export interface Cause extends Sender {
  /** ISO 8601. */
  now: string;
}

/** The sender alone, of what knows more. */
export function senderOf(given: Sender): Sender {
  return { actor: given.actor, ...remarkOf(given) };
}

export function remarkOf({ remark }: Pick<Sender, 'remark'>): Pick<Sender, 'remark'> {
  return remark === undefined ? {} : { remark };
}
