/** The verbs `qo disk` and `qo reclaim` and their help: apart from what runs them, which loads the Temporal client. */
export const DISK_HELP = `qo disk [--json]

  Says what is free, what DATA_DIR takes by kind and by project, and what qo reclaim would remove of it.

qo reclaim [--dry-run] [--json]

  Removes what no record, no open build, no release with its way back and no ledger names: after KEEP_DAYS, and of copies
  of releases all but the last KEEP_RELEASES. Temporal must answer: it knows which builds are open. Builds may run.

  exit code 0: done; 2: it could not be asked or read
`;

export type DiskVerb = 'disk' | 'reclaim';
export const isDiskVerb = (verb: string | undefined): verb is DiskVerb => verb === 'disk' || verb === 'reclaim';
