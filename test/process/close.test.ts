import { afterEach, expect, it, vi } from 'vitest';
import { startTestGateway } from '../support/gateway.ts';

afterEach(() => vi.useRealTimers());

it('a gateway that is closed leaves no timer', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const gateway = await startTestGateway({ METRICS_PORT: '0' });
  expect(vi.getTimerCount()).toBeGreaterThan(0);
  await gateway.close();
  expect(vi.getTimerCount()).toBe(0);
});
