/** The effective user id of this process. */
export function effectiveUid(): number {
  return process.geteuid?.() ?? 0;
}
