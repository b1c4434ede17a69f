/** What the exit code of the command line says. */
export const EXIT = {
  /** Done. */
  ok: 0,
  /** The vault does not open: another key, damaged, changed, or open to others. */
  refused: 1,
  /** The command line makes no sense, or names what there is not. */
  usage: 2,
  /** It could not be done: a file cannot be read or written, somebody else is changing the vault. */
  failed: 3,
  /** Interrupted, as shells say it: 128 and the number of SIGINT. */
  interrupted: 130,
} as const;
