/**
 * The forms in which an answer can be asked for, the best first. Apart, because settings are read without an SDK.
 */
export const FORMS = ['tools', 'schema', 'text'] as const;
/** `tools`: tools, one of which finishes. `schema`: the server enforces the schema, without tools. `text`: by words alone. */
export type Form = (typeof FORMS)[number];
