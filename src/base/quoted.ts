/**
 * Whether a variable's value stands in quotes. `docker run --env-file` and Kubernetes' env files make the quotes part of the value; a
 * shell and systemd remove them.
 */
export const isQuoted = (text: string): boolean => /^(?:".*"|'.*')$/s.test(text);

/** Completes the sentence `NAME: …`. The value is left out: it may be a secret. */
export const quotedMistake = 'its value is in quotes, which are part of it here: remove the quotes';
