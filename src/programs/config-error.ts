/**
 * What a wrong setting is reported with: one line, which programs print before they exit 1.
 */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
