/** Runs a test that needs root, such as one that gives a file to another user; skipped for other users, so CI runs as root. */
export const asRoot: jest.It = process.getuid?.() === 0 ? test : test.skip;
