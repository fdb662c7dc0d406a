import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/settings/config.ts';
import { startTestGateway } from '../support/gateway.ts';

const warningsOf = (env: Readonly<Record<string, string>>) => {
  const reading = readConfig(env);
  return 'warnings' in reading ? reading.warnings : reading.mistakes;
};

describe('a name that begins like a setting of the upstream and is none', () => {
  it.each([
    { env: { UPSTREAM_TIMEOUT: '5000' }, warnings: ['UPSTREAM_TIMEOUT: no setting of this name'] },
    { env: { UPSTREAM_PORT: '8080' }, warnings: ['UPSTREAM_PORT: no setting of this name'] },
    { env: { UPSTREAM_PORT: 'tcp://10.0.0.1:80' }, warnings: [] },
    { env: { UPSTREAM_TIMEOUT: ' ' }, warnings: [] },
    { env: { UPSTREAM_TOKEN: 'for check-upstream' }, warnings: [] },
    { env: { UPSTREAM_TIMEOUT_MS: '5000' }, warnings: [] },
  ])('is warned of, unless it is empty or a command reads it ($env)', ({ env, warnings }) => {
    expect(warningsOf(env)).toEqual(warnings);
  });
});

describe('UPSTREAM_URL', () => {
  const read = (text: string) => {
    const reading = readConfig({ UPSTREAM_URL: text });
    return 'config' in reading ? reading.config.upstreamUrl?.href : reading.mistakes;
  };

  it.each([
    ['http://a.example', 'http://a.example/'],
    ['https://a.example:8443/prefix/', 'https://a.example:8443/prefix/'],
    ['http://[::1]:8080', 'http://[::1]:8080/'],
  ])('takes %s', (text, href) => {
    expect(read(text)).toBe(href);
  });

  it.each([
    'https://a.example?key=SECRET',
    'https://a.example/?',
    'https://a.example/#SECRET',
    'https://@a.example',
    'https://SECRET@a.example',
    'https://u:SECRET@a.example',
    'https://a.example/SECRET@b',
    'https://a.example/a SECRET',
    'ftp://u:SECRET@a.example',
  ])('refuses %s, and does not show the part that can be a secret', (text) => {
    const [mistake, ...more] = read(text) ?? [];
    expect(more).toEqual([]);
    expect(mistake).toMatch(/^UPSTREAM_URL: .* is not an http or https URL /);
    if (/[?#@]/.test(text)) expect(mistake).not.toContain('SECRET');
  });
});

describe('CORS_ORIGINS', () => {
  const read = (text: string) => {
    const reading = readConfig({ CORS_ORIGINS: text });
    return 'config' in reading ? reading.config.corsOrigins : reading.mistakes;
  };

  it.each(['https://a.example', 'http://localhost:3000', 'https://[::1]:8443', 'https://a_b.example'])(
    'takes %s',
    (text) => {
      expect(read(text)).toEqual([text]);
    },
  );

  it.each(['https://*.a.example', 'https://*', 'https://a.example/', 'https://(a).example'])(
    'refuses %s, which no browser ever sends, and shows it',
    (text) => {
      expect(read(text)).toEqual([expect.stringContaining(`CORS_ORIGINS: "${text}" is not a list`)]);
    },
  );

  it.each([
    'https://u:SECRET@a.example',
    'https://a.example,https://u:SECRET@b.example',
    'https://u:SEC,RET@a.example',
    'https://SECRET@a.example',
    'https://a.example?key=SECRET',
    'https://a.example#SECRET',
    'u:SECRET',
  ])('shows nothing of %s, which can hold a secret', (text) => {
    expect(read(text)).toEqual([expect.stringMatching(/^CORS_ORIGINS: what it is set to is not a list/)]);
  });
});

describe('NODE_TLS_REJECT_UNAUTHORIZED', () => {
  it.each([
    { value: '0', warned: true },
    { value: '1', warned: false },
    { value: '', warned: false },
  ])('of "$value" is warned of: $warned', ({ value, warned }) => {
    expect(warningsOf({ NODE_TLS_REJECT_UNAUTHORIZED: value })).toEqual(
      warned
        ? [expect.stringMatching(/^NODE_TLS_REJECT_UNAUTHORIZED: certificates are checked all the same/)]
        : [],
    );
  });
});

describe("a value in quotes of OpenTelemetry's variables", () => {
  it('counts as unset, as any wrong one, and is told as that', () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318', OTEL_SERVICE_NAME: '"gateway"' };
    const quoted = 'its value is in quotes, which are part of it here: remove the quotes';
    expect(warningsOf(env)).toEqual([`OTEL_SERVICE_NAME: ${quoted}; it is taken as unset`]);
    expect(warningsOf({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT: "'http://collector:4318'" })).toEqual([
      `OTEL_EXPORTER_OTLP_ENDPOINT: ${quoted}; nothing is traced`,
    ]);
  });
});

describe('a value in quotes', () => {
  it.each(['"7=NOT_FOUND"', "'7=NOT_FOUND'", '"7=NOT_FOUND,\n8=FORBIDDEN"'])(
    'is told as that: %j',
    (text) => {
      expect(warningsOf({ UPSTREAM_STATUS_CODES: text })).toEqual([
        'UPSTREAM_STATUS_CODES: its value is in quotes, which are part of it here: remove the quotes',
      ]);
    },
  );
});

describe('UPSTREAM_STATUS_CODES', () => {
  it("names a status once: which of two meanings holds would be anybody's guess", () => {
    const reading = readConfig({ UPSTREAM_STATUS_CODES: '7=NOT_FOUND,7=FORBIDDEN' });
    expect('mistakes' in reading && reading.mistakes).toEqual([
      expect.stringMatching(/^UPSTREAM_STATUS_CODES: "7=NOT_FOUND,7=FORBIDDEN" is not .*each status once/),
    ]);
    expect(readConfig({ UPSTREAM_STATUS_CODES: '7=NOT_FOUND,8=NOT_FOUND' })).not.toHaveProperty('mistakes');
  });
});

describe('a start that fails half-way', () => {
  it('leaves nothing that listens', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const listening = () =>
      process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
    const before = listening();
    const { port } = other.address() as AddressInfo;
    await expect(startTestGateway({ PORT: String(port), METRICS_PORT: '0' })).rejects.toThrow(/^PORT: /);
    await expect.poll(listening).toBe(before);
    other.close();
  });
});
