/**
 * `note`: a person tells the role at work something. The role's next step gets it, once, as data.
 */
import { recordEvent } from '../build/record-event';
import { accept, defineCommand } from './command';
import { text } from './fields';
import { refuse } from './refusals';

/** The most notes that wait for a step. */
const NOTES_LIMIT = 20;

export const note = defineCommand({
  name: 'note',
  path: 'note',
  needs: 'operate',
  description: 'the next step of the role at work is given the text',
  fields: { text },
  refusals: { 'Command.TooManyNotes': { status: 409, title: 'Too many notes wait for a role' } },
  decide(build, { text: words }, cause) {
    const { notes = [] } = build;
    if (notes.length >= NOTES_LIMIT) {
      const message = `${NOTES_LIMIT} notes wait for the next step of a role already; send it when the role has taken them`;
      return refuse(build, { type: 'Command.TooManyNotes', message, legal: ['pause', 'rollback'] });
    }
    const note = { text: words, by: cause.actor, at: cause.now };
    const next = { ...build, notes: [...notes, note], revision: build.revision + 1 };
    return accept(recordEvent(next, cause, { type: 'noted', data: { text: words } }));
  },
});
