/** A stream without events sends something at this interval: common proxies close a connection that is idle for 15 to 60 s. */
export const heartbeatMs = 12_000;

/** A client that reads nothing for this time is disconnected. */
export const stuckMs = 30_000;

/** After how many seconds a client should ask again for a stream that was refused. At a restart, many viewers return at once. */
export const streamRetrySeconds = 5;
