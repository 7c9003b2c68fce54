/**
 * The error for a wrong setting. Its message is one line, which programs print before they exit with code 1.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
