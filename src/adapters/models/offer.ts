/**
 * What a request asks the model for, in one of three forms: tools, structured output, or words alone.
 *
 * Tools and structured output never go together: servers refuse that, or answer without a tool call. So a tool `finish`
 * carries the schema of the output.
 */
import { jsonSchema, Output, tool } from 'ai';
import type { JSONSchema7, ToolSet } from 'ai';
import type { ModelRequest } from '../../ports/model';
import type { Form } from './forms-list';
import { wireSchema } from './wire-schema';
import type { Limits } from './wire-schema';

export const FINISH = 'finish';
const FINISH_SAYS =
  'Ends your work in this phase and hands over its output. Call it alone, when everything else is done; its input is the whole output.';

export function offerIn(form: Form, request: ModelRequest, limits: Limits) {
  const schema = wireSchema(request.schema, limits);
  switch (form) {
    case 'tools':
      return { tools: toolsOf(request, schema, limits) };
    case 'schema':
      return { output: structuredOutput(schema, request.phase) };
    case 'text':
      return {};
  }
}

/** What the system prompt says behind its own words, in this form. */
export function instructionIn(form: Form, { schema }: ModelRequest): string {
  switch (form) {
    case 'tools':
      return `When your work in this phase is done, call the tool \`${FINISH}\` with its output. Text alone ends nothing.`;
    case 'schema':
      return NO_TOOLS;
    case 'text':
      return `${NO_TOOLS} It fits this JSON Schema:\n\n${JSON.stringify(wireSchema(schema, 'words'))}`;
  }
}
const NO_TOOLS = 'No tools are at hand. Answer at once, with exactly one JSON object and no text before or behind it.';

/** Without `execute`: a tool call ends the request and comes back to the caller. */
function toolsOf({ tools = {} }: ModelRequest, schema: JSONSchema7, limits: Limits): ToolSet {
  const offered = Object.entries(tools).map(([name, { description, input }]) => [
    name,
    tool({ description, inputSchema: jsonSchema(wireSchema(input, limits)) }),
  ]);
  return {
    ...(Object.fromEntries(offered) as ToolSet),
    [FINISH]: tool({ description: FINISH_SAYS, inputSchema: jsonSchema<unknown>(schema) }),
  };
}

/** The SDK would parse the text so far again at every chunk, to offer it half done: quadratic work for nothing. */
function structuredOutput(schema: JSONSchema7, name: string) {
  const output = Output.object({ schema: jsonSchema<unknown>(schema), name });
  return { ...output, parsePartialOutput: async () => undefined };
}
