/** After how many seconds a client should ask again for a stream that was refused. At a restart, many viewers return at once. */
export const streamRetrySeconds = 5;
