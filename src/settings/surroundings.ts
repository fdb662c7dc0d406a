import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isQuoted, quotedMistake } from '../base/quoted.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a value is a Service link of Kubernetes: it sets `METRICS_PORT=tcp://…` in every pod if a Service is called `metrics`. */
export const isServiceLink = (text: string): boolean => /^(?:tcp|udp|sctp):\/\//i.test(text);

/** Whether a variable is one of the eight that Kubernetes sets for a Service, so that no operator wrote it. */
export const isOfService = (name: string, text: string): boolean =>
  isServiceLink(text) || /_SERVICE_(?:HOST|PORT)(?:_|$)|_PORT_\d{1,5}_(?:TCP|UDP|SCTP)(?:_|$)/.test(name);

const proxyNames = /^(?:(?:https?|all)_proxy|NODE_USE_ENV_PROXY)$/i;

/** Whether a variable is no setting of ours, but says how the upstream is reached. */
export const isSurrounding = (name: string): boolean =>
  proxyNames.test(name) || name === 'NODE_TLS_REJECT_UNAUTHORIZED' || name === 'NODE_EXTRA_CA_CERTS';

/** The warning for a proxy in the environment, if there is one. It leaves out the address, which can contain a password. */
export function proxyWarning(env: Environment): string | undefined {
  const names = Object.keys(env).filter((name) => proxyNames.test(name) && env[name]?.trim());
  if (names.length === 0) return undefined;
  return `${names.join(', ')}: neither the upstream nor the collector is reached through a proxy`;
}

/** The warning for `NODE_TLS_REJECT_UNAUTHORIZED=0`, if set: without certificate checks the token could go to an attacker. */
export function trustWarning(env: Environment): string | undefined {
  return env['NODE_TLS_REJECT_UNAUTHORIZED'] === '0'
    ? 'NODE_TLS_REJECT_UNAUTHORIZED: certificates are checked all the same; for a private CA set NODE_EXTRA_CA_CERTS'
    : undefined;
}

/**
 * What is wrong with `NODE_EXTRA_CA_CERTS`, if anything: Node itself would start without the certificates. Call this before the first
 * import of a module that uses TLS, because Node then prints a warning of its own.
 */
export function extraCertificatesMistake(env: Environment): string | undefined {
  const path = env['NODE_EXTRA_CA_CERTS'];
  if (!path) return undefined;
  if (isQuoted(path)) return `NODE_EXTRA_CA_CERTS: ${quotedMistake}`;
  const told = `NODE_EXTRA_CA_CERTS: ${JSON.stringify(path)}`;
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    return `${told} cannot be read: ${error instanceof Error && 'code' in error ? String(error.code) : 'for no known reason'}`;
  }
  // Node skips whatever stands around and between them, too.
  const certificates = text
    .split(/(?=-----BEGIN )/)
    .filter((part) => /^-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/.test(part));
  if (certificates.length === 0) return `${told} holds no certificate in PEM`;
  // One that is broken makes Node trust none of them.
  const broken = certificates.findIndex((one) => !isCertificate(one));
  return broken < 0 ? undefined : `${told} holds a certificate that cannot be read, number ${broken + 1}`;
}

function isCertificate(text: string): boolean {
  try {
    return new X509Certificate(text).subject !== undefined;
  } catch {
    return false;
  }
}
