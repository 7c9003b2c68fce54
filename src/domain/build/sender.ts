/**
 * The sender of a command or other change: its actor name, and the remark that it adds about itself.
 */
export interface Sender {
  /** The token's name, or the name that the sender states if no token is required. For work of a role: the role. */
  actor: string;
  /** The `X-Actor` header of a request with a token: a claim of the token's holder. Absent without the header. */
  remark?: string;
}

/** The sender and the time of a change. */
export interface Cause extends Sender {
  /** ISO 8601. */
  now: string;
}

/** Picks the members of `Sender` from an object that has more members. */
export function senderOf(source: Sender): Sender {
  return { actor: source.actor, ...remarkOf(source) };
}

export function remarkOf({ remark }: Pick<Sender, 'remark'>): Pick<Sender, 'remark'> {
  return remark === undefined ? {} : { remark };
}
