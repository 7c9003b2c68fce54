/**
 * Lists the forms in which a model can be asked for an answer, best first. A file of its own, because the settings must not load an
 * SDK.
 */
export const FORMS = ['tools', 'schema', 'text'] as const;
/**
 * `tools`: the model calls tools and ends with the tool `finish`. `schema`: the server enforces the schema, without tools. `text`: the
 * prompt alone describes the schema.
 */
export type Form = (typeof FORMS)[number];
