/** The code of an error that comes from Node itself or from a client of the network: `ENOENT`, `Z_BUF_ERROR`; empty for any other. */
export function systemCodeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** Trouble of the disk or the network, which is not the fault of the data. */
export function isSystemError(error: unknown): boolean {
  return typeof error === 'object' && error !== null && ('syscall' in error || '$metadata' in error);
}

export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error ? String(error.message) : String(error);
}
