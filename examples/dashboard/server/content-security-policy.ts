/**
 * What the page may load: its own files, and answers of its gateway.
 * @param gatewayUrl of a gateway of another origin; undefined where it stands behind the page's own.
 */
export function contentSecurityPolicy(gatewayUrl: string | undefined): string {
  const gateway = gatewayUrl ? ` ${new URL(gatewayUrl).origin}` : '';
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self'${gateway}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}
