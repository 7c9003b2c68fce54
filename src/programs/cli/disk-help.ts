/** The verbs `qo disk` and `qo reclaim` and their help, apart from the code that runs them, which loads the Temporal client. */
export const DISK_HELP = `qo disk [--json]

  Shows the free space, what DATA_DIR uses by kind and by project, and what qo reclaim would remove.

qo reclaim [--dry-run] [--json]

  Removes what no record, open build, ledger or restorable release refers to and is older than KEEP_DAYS, and all copies of
  releases but the last KEEP_RELEASES. Needs Temporal, which knows the open builds. Builds may run meanwhile.

  exit code 0: done; 2: the command line or a setting is wrong, Temporal does not answer, or a file cannot be read
`;

export type DiskVerb = 'disk' | 'reclaim';
export const isDiskVerb = (verb: string | undefined): verb is DiskVerb => verb === 'disk' || verb === 'reclaim';
