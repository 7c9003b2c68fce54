/**
 * The provider `scripted`: answers from a file instead of a model, for the demonstration and the tests.
 */
import { defineProvider } from '../provider';
import { createScriptedModel } from '../scripted';

export const scripted = defineProvider({
  name: 'scripted',
  nameIs: 'file',
  settings: {},
  needs: null,
  connect: (_values, file) => ({ via: 'itself', model: createScriptedModel(file) }),
});
