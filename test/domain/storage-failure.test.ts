/** Distinguishes errors of the disk from similar errors. */
import { storageFailureOf } from '../../src/domain/storage-failure';

const onFile = { path: '/secret/place', syscall: 'open', message: "EACCES: open '/secret/place'" };

test.each([
  ['a full disk', { code: 'ENOSPC', syscall: 'write' }, 'Storage.Full'],
  ['a quota that is used up', { code: 'EDQUOT', syscall: 'write' }, 'Storage.Full'],
  ['git output about a full disk', { stderr: 'fatal: write error: No space left on device\n' }, 'Storage.Full'],
  ['a file of another user', { ...onFile, code: 'EACCES' }, 'Storage.Refused'],
  ['a disk that is read-only', { ...onFile, code: 'EROFS' }, 'Storage.Refused'],
  ['git output about a read-only disk', { stderr: 'error: x: Read-only file system' }, 'Storage.Refused'],
])('%s becomes a storage failure without a path', (_, error, type) => {
  const failure = storageFailureOf(Object.assign(new Error(), error));
  expect(failure?.type).toBe(type);
  expect(failure?.message).toContain('DATA_DIR');
  expect(failure?.message).not.toContain('/secret');
});

test.each([
  ['a file that is not there', { ...onFile, code: 'ENOENT' }],
  ['a program that may not be started', { code: 'EACCES', syscall: 'spawn /bin/x', path: '/bin/x' }],
  ['a port that needs rights', { code: 'EACCES', syscall: 'listen' }],
  ['a server elsewhere that refuses a key', { stderr: 'git@host: Permission denied (publickey).' }],
  ['no error at all', null],
])('%s is no storage failure', (_, error) => {
  expect(storageFailureOf(error)).toBeUndefined();
});
