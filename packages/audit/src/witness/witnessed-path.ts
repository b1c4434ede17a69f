/**
 * Where a log serves the last checkpoint that a quorum of witnesses cosigned. It is older than the one in `checkpoint`,
 * which is signed every second and never carries a cosignature.
 */
export const WITNESSED_PATH = 'checkpoint.witnessed';
