/** An id as RFC 9562 writes it. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** An id of a conversation as any kind of agent makes them: a UUID, or as opencode writes it. */
export const CONVERSATION = /^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|ses_[0-9a-z]{1,60})$/i;

/** When an id was made that tells it (version 7), ms since the epoch. Pure. */
export function madeAt(id: string): number | undefined {
  return UUID.test(id) && id[14] === "7" ? Number.parseInt(id.replaceAll("-", "").slice(0, 12), 16) : undefined;
}
