import { describe, expect, it } from 'vitest';
import { startLoadBalancer } from '../support/load-balancer.ts';
import { restartUnderLoad } from '../support/rolling-restart.ts';

describe('two replicas behind a load balancer, each restarted twice under load', () => {
  it('answer each of at least 10,000 requests, and end with exit code 0', { timeout: 180_000 }, async () => {
    const { answered, failures, codes, cut } = await restartUnderLoad(startLoadBalancer, 10_000);
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThanOrEqual(10_000);
    expect({ codes, cut }).toEqual({ codes: [0, 0, 0, 0], cut: false });
  });
});
