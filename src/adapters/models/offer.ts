/**
 * Builds the part of a request that asks for the output, in one of three forms: tools, structured output, or instructions in text.
 *
 * Tools and structured output are never combined: servers refuse that, or answer without a tool call. With tools the input of the
 * tool `finish` carries the output and its schema.
 */
import { jsonSchema, Output, tool } from 'ai';
import type { JSONSchema7, ToolSet } from 'ai';
import type { ModelRequest } from '../../ports/model';
import type { Form } from './forms-list';
import { wireSchema } from './wire-schema';
import type { LimitStyle } from './wire-schema';

export const FINISH = 'finish';
const FINISH_DESCRIPTION =
  'Ends your work in this phase and hands over its output. Call it alone, when everything else is done; its input is the whole output.';

export function buildOffer(form: Form, request: ModelRequest, limits: LimitStyle) {
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

/** Returns the instruction that is added to the end of the system prompt for this form. */
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

/** Offers the tools without `execute`, so that the SDK returns tool calls to the caller instead of running them. */
function toolsOf({ tools = {} }: ModelRequest, schema: JSONSchema7, limits: LimitStyle): ToolSet {
  const toolEntries = Object.entries(tools).map(([name, { description, input }]) => [
    name,
    tool({ description, inputSchema: jsonSchema(wireSchema(input, limits)) }),
  ]);
  return {
    ...(Object.fromEntries(toolEntries) as ToolSet),
    [FINISH]: tool({ description: FINISH_DESCRIPTION, inputSchema: jsonSchema<unknown>(schema) }),
  };
}

/** Turns off partial output: the SDK would parse the whole text again at every chunk, which is quadratic work. */
function structuredOutput(schema: JSONSchema7, name: string) {
  const output = Output.object({ schema: jsonSchema<unknown>(schema), name });
  return { ...output, parsePartialOutput: async () => undefined };
}
