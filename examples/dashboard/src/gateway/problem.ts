/** An error as it arrives, whichever library hands it over. */
export interface GatewayError {
  readonly message: string;
  readonly path?: readonly (string | number)[] | undefined;
  readonly extensions?: Readonly<Record<string, unknown>> | undefined;
}

/** Why there is nothing newer, of a conference or of the whole page: a code of the gateway's, or `NO_RECORD` for a null without an error. */
export interface Problem {
  readonly code: string;
  /** For the person, in the gateway's or the upstream's words. */
  readonly message: string;
}

export const problemOf = ({ message, extensions }: GatewayError): Problem => ({
  message,
  // Behind a router an error may come without a code.
  code: typeof extensions?.['code'] === 'string' ? extensions['code'] : 'UNKNOWN',
});

/** Codes after which the last values are no longer to be shown: the conference is none, or none for this caller. */
const finalCodes = new Set(['NOT_FOUND', 'FORBIDDEN', 'BAD_USER_INPUT', 'UNAUTHENTICATED']);

export const isFinal = ({ code }: Problem): boolean => finalCodes.has(code);
