/**
 * Whether the value of an environment variable is in quotes. A shell and systemd remove the quotes; `docker run --env-file` and
 * Kubernetes' env files leave them in the value.
 */
export const isQuoted = (text: string): boolean => /^(?:".*"|'.*')$/s.test(text);

/** The rest of the message after `NAME: `. It does not show the value, which may be a secret. */
export const quotedMistake = 'its value is in quotes, which are part of it here: remove the quotes';
