/**
 * The caller's `traceparent` as version 00 writes it, if it is one that W3C Trace Context allows; otherwise undefined. Later versions may
 * say more behind it, which is not passed on.
 */
export function traceparentOf(header: string | readonly string[] | undefined): string | undefined {
  if (typeof header !== 'string') return undefined;
  const [, version, traceId, parentId, flags] =
    /^([\da-f]{2})-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})(?:-.*)?$/.exec(header) ?? [];
  if (!version || !traceId || !parentId || version === 'ff' || (version === '00' && header.length !== 55))
    return undefined;
  return /^0+$/.test(traceId) || /^0+$/.test(parentId) ? undefined : `00-${traceId}-${parentId}-${flags}`;
}

/** The trace that a `traceparent` belongs to. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);
