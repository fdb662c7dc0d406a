// In JavaScript: these files of undici have no types of their own.
// What of undici the gateway uses. Its index also loads fetch, WebSocket, caches and more: 1 MB that would be parsed at each start.
export { default as Client } from 'undici/lib/dispatcher/client.js';
export { default as errors } from 'undici/lib/core/errors.js';
