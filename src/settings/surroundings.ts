import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a value is what Kubernetes puts into every pod of a namespace for a Service: `METRICS_PORT` for one that is called `metrics`. */
export const isServiceLink = (text: string): boolean => /^(?:tcp|udp|sctp):\/\//i.test(text);

/** Whether a variable is one of the eight that come with a Service: nobody has set it. */
export const isOfService = (name: string, text: string): boolean =>
  isServiceLink(text) || /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_|$)/.test(name);

/** The line for a proxy in the environment, if there is one. Its address can hold a password and is left out. */
export function proxyWarning(env: Environment): string | undefined {
  const names = Object.keys(env).filter(
    (name) => /^(?:(?:https?|all)_proxy|NODE_USE_ENV_PROXY)$/i.test(name) && env[name]?.trim(),
  );
  if (names.length === 0) return undefined;
  return `${names.join(', ')}: neither the upstream nor the collector is reached through a proxy`;
}

/** The line for a Node that is told to trust every certificate, if it is: it would hand the token to whoever answers. */
export function trustWarning(env: Environment): string | undefined {
  return env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? 'NODE_TLS_REJECT_UNAUTHORIZED: certificates are checked all the same; for a private CA set NODE_EXTRA_CA_CERTS'
    : undefined;
}

/**
 * What is wrong with `NODE_EXTRA_CA_CERTS`, if anything: Node itself would go on without it. To be asked before anything that needs TLS
 * is imported, at which Node prints a line of its own.
 */
export function extraCertificatesMistake(env: Environment): string | undefined {
  const path = env['NODE_EXTRA_CA_CERTS'];
  if (!path) return undefined;
  const told = `NODE_EXTRA_CA_CERTS: ${JSON.stringify(path)}`;
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    return `${told} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'for no known reason'}`;
  }
  return isCertificate(text) ? undefined : `${told} holds no certificate in PEM`;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
