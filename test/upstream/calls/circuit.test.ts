import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCircuit } from '../../../src/upstream/calls/circuit.ts';
import { createTestClock } from '../../support/clock.ts';

function openCircuit() {
  const clock = createTestClock();
  const states: string[] = [];
  const circuit = createCircuit({
    clock,
    emit: (event) => {
      if (event.event === 'circuitChanged') states.push(event.state);
    },
  });
  /** So many requests, of which each one was ill or well. */
  const settle = (ill: boolean | undefined, times = 1) => {
    for (let nth = 0; nth < times; nth++) circuit.ask()?.settle(ill);
  };
  return { clock, circuit, states, settle };
}

describe('a circuit', () => {
  it.each([
    { ill: 19, well: 0, state: 'closed' },
    { ill: 20, well: 0, state: 'open' },
    { ill: 10, well: 10, state: 'open' },
    { ill: 9, well: 11, state: 'closed' },
    { ill: 49, well: 51, state: 'closed' },
    { ill: 50, well: 50, state: 'open' },
  ])('is $state after $well good requests and $ill ill ones', ({ ill, well, state }) => {
    const { circuit, settle } = openCircuit();
    settle(false, well);
    settle(true, ill);
    expect(circuit.state).toBe(state);
  });

  it('forgets what is older than 5 s', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 19);
    clock.advance(5000);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
    settle(true);
    expect(circuit.state).toBe('open');
  });

  it('opens within 5 s of the first failure however the 20 are spread', () => {
    const { clock, circuit, settle } = openCircuit();
    for (let nth = 0; nth < 20; nth++) {
      settle(true);
      if (nth < 19) clock.advance(5000 / 20);
    }
    expect(circuit.state).toBe('open');
  });

  it('does not count what says nothing about the upstream', () => {
    const { circuit, settle } = openCircuit();
    settle(undefined, 1000);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
    settle(true);
    expect(circuit.state).toBe('open');
  });

  it('is told once when it opens and once when it closes, not at each trial', () => {
    const { clock, settle, states } = openCircuit();
    settle(true, 20);
    for (let nth = 0; nth < 60; nth++) {
      clock.advance(1000);
      settle(true);
    }
    clock.advance(1000);
    settle(false);
    expect(states).toEqual(['open', 'closed']);
  });
});

describe('an open circuit', () => {
  it('lets one request through a second, and all again once one was well', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    expect(circuit.ask()).toBeUndefined();
    clock.advance(999);
    expect(circuit.ask()).toBeUndefined();
    clock.advance(1);
    const trial = circuit.ask();
    expect(trial).toBeDefined();
    expect(circuit.state).toBe('half-open');
    expect(circuit.ask()).toBeUndefined();
    trial?.settle(true);
    expect(circuit.ask()).toBeUndefined();
    clock.advance(1000);
    circuit.ask()?.settle(false);
    expect(circuit.state).toBe('closed');
    expect(circuit.ask()).toBeDefined();
  });

  it('begins again with no memory of what was ill before', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    settle(false);
    settle(true, 19);
    expect(circuit.state).toBe('closed');
  });

  it('tries at once again after a trial that said nothing', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    settle(undefined);
    expect(circuit.refuses).toBe(false);
    expect(circuit.ask()).toBeDefined();
  });

  it('is not held open by a trial that stalls', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask();
    clock.advance(1000);
    circuit.ask()?.settle(false);
    expect(circuit.state).toBe('closed');
    stalled?.settle(true);
    expect(circuit.state).toBe('closed');
  });

  it('lets no second trial through because an older one is over late', () => {
    const { clock, circuit, settle } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask();
    clock.advance(1000);
    const newest = circuit.ask();
    for (const ill of [undefined, true]) {
      stalled?.settle(ill);
      expect(circuit.state).toBe('half-open');
      expect(circuit.ask()).toBeUndefined();
    }
    newest?.settle(false);
    expect(circuit.state).toBe('closed');
  });

  it('closes also with an older trial that is well late, and is told of it once', () => {
    const { clock, circuit, settle, states } = openCircuit();
    settle(true, 20);
    clock.advance(1000);
    const stalled = circuit.ask();
    clock.advance(1000);
    const newest = circuit.ask();
    stalled?.settle(false);
    expect(circuit.state).toBe('closed');
    newest?.settle(false);
    expect(states).toEqual(['open', 'closed']);
  });

  it('hears nothing from requests that were sent before it opened', () => {
    const { circuit, settle } = openCircuit();
    const early = circuit.ask();
    settle(true, 20);
    early?.settle(false);
    expect(circuit.state).toBe('open');
  });
});

describe('whatever comes of requests,', () => {
  it('an upstream that recovers has its circuit closed in 2 s, where somebody asks', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ ill: fc.option(fc.boolean(), { nil: undefined }), afterMs: fc.nat({ max: 1500 }) }),
          {
            maxLength: 200,
          },
        ),
        (requests) => {
          const { clock, circuit } = openCircuit();
          for (const { ill, afterMs } of requests) {
            circuit.ask()?.settle(ill);
            clock.advance(afterMs);
          }
          for (let ms = 0; ms < 2000; ms += 50) {
            clock.advance(50);
            circuit.ask()?.settle(false);
          }
          expect(circuit.state).toBe('closed');
        },
      ),
    );
  });
});
