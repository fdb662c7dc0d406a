const notHttp = { status: '400 Bad Request', message: 'The request is not valid HTTP.' };
const refusals: Readonly<Record<string, typeof notHttp>> = {
  HPE_HEADER_OVERFLOW: {
    status: '431 Request Header Fields Too Large',
    message: 'The headers are too large.',
  },
  ERR_HTTP_REQUEST_TIMEOUT: { status: '408 Request Timeout', message: 'The request did not arrive in time.' },
};

/** The whole answer, headers included, to a request that Node could not parse or that came too slowly. */
export function answerToBroken({ code = '' }: NodeJS.ErrnoException): string {
  const { status, message } = (Object.hasOwn(refusals, code) && refusals[code]) || notHttp;
  const body = JSON.stringify({ errors: [{ message, extensions: { code: 'BAD_REQUEST' } }] });
  return [
    `HTTP/1.1 ${status}`,
    'content-type: application/json; charset=utf-8',
    `content-length: ${body.length}`,
    'cache-control: no-store',
    'x-content-type-options: nosniff',
    'connection: close',
    '',
    body,
  ].join('\r\n');
}
