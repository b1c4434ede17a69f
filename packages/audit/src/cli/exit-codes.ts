/** What the exit code of the command line says. */
export const EXIT = {
  /** Done, and everything holds. */
  ok: 0,
  /** Something does not hold: a log, a proof. */
  broken: 1,
  /** The command line makes no sense. */
  usage: 2,
  /** It could not be found out or done: a file or a server cannot be read, the log is open elsewhere. */
  failed: 3,
  /** Interrupted, as shells say it: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;
