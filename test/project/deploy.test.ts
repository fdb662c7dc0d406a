import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment, type IDeployment } from 'kubernetes-models/apps/v1';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1';
import { type IService, Service } from 'kubernetes-models/v1';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/settings/config.ts';
import { settings } from '../../src/settings/settings.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string) => readFileSync(root + file, 'utf8');
const inKubernetes = (pattern: string) => globSync(`deploy/kubernetes/${pattern}`, { cwd: root }).toSorted();

const models = {
  Deployment,
  HorizontalPodAutoscaler,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceMonitor,
} as const;

const isKustomization = (file: string) => file.endsWith('/kustomization.yaml');
const deployment: IDeployment = parse(read('deploy/kubernetes/base/deployment.yaml'));
const pod = deployment.spec?.template.spec;
const [container] = pod?.containers ?? [];
const envOf = (given: IDeployment) =>
  Object.fromEntries(
    given.spec?.template.spec?.containers?.[0]?.env?.map(({ name, value }) => [name, value ?? '']) ?? [],
  );
const overlays = { production: 'production', 'try-out': 'development' };
/** The settings that a process gets in this overlay. */
const settingsIn = (overlay: string) => ({
  ...envOf(deployment),
  ...envOf(parse(read(`deploy/kubernetes/${overlay}/deployment.yaml`))),
});

describe('each manifest for Kubernetes', () => {
  const whole = inKubernetes('{base,service-monitor}/*.yaml').filter((file) => !isKustomization(file));

  it.each(whole)('%s is what the API takes', (file) => {
    const manifest: { readonly kind: keyof typeof models; readonly apiVersion: string } = parse(read(file));
    const Model = models[manifest.kind];
    const model = new Model(manifest as never);
    expect(model.apiVersion).toBe(manifest.apiVersion);
    expect(() => model.validate()).not.toThrow();
  });

  it('would be refused if a field had another type', () => {
    const broken = { ...deployment, spec: { ...deployment.spec, replicas: 'two' } };
    expect(() => new Deployment(broken as never).validate()).toThrow();
  });

  it('is reached from a kustomization', () => {
    const named = inKubernetes('*/kustomization.yaml').flatMap((file) => {
      const { resources = [], patches = [] } = parse(read(file));
      const paths: string[] = [...resources, ...patches.map(({ path }: { path: string }) => path)];
      return paths.map((path) => file.replace('kustomization.yaml', path));
    });
    for (const file of inKubernetes('*/*.yaml').filter((one) => !isKustomization(one))) {
      expect(named).toContain(file);
    }
  });
});

describe('each overlay', () => {
  it.each(Object.keys(overlays))('%s patches what the base has', (overlay) => {
    const patches = inKubernetes(`${overlay}/*.yaml`).filter((file) => !isKustomization(file));
    for (const file of patches) {
      const { kind, metadata } = parse(read(file));
      const base = parse(read(file.replace(overlay, 'base')));
      expect([base.kind, base.metadata.name]).toEqual([kind, metadata.name]);
    }
  });

  it.each(Object.entries(overlays))('%s has settings that exist and that the start takes', (overlay, env) => {
    const given = settingsIn(overlay);
    const names = Object.values(settings).map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(Object.keys(given)));
    expect(readConfig(given)).toMatchObject({ config: { nodeEnv: env }, warnings: [] });
  });

  it.each(Object.keys(overlays))('%s gives a pod the time that its drain takes', (overlay) => {
    const reading = readConfig(settingsIn(overlay));
    if (!('config' in reading)) throw new Error(reading.mistakes.join('\n'));
    const { DRAIN_DELAY_MS: delayMs = '0' } = settingsIn(overlay);
    const drainMs = Number(delayMs) + reading.config.drainTimeoutMs;
    expect((pod?.terminationGracePeriodSeconds ?? 0) * 1000).toBeGreaterThan(drainMs);
  });
});

describe('the pod', () => {
  it('is one that the restricted Pod Security Standard takes, with a root that cannot be written to', () => {
    expect(pod).toMatchObject({
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container?.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect(pod).not.toHaveProperty('hostNetwork');
    expect(pod).not.toHaveProperty('volumes');
  });

  it('runs as the user of the image, whose ports are its own', () => {
    const dockerfile = read('Dockerfile');
    expect(dockerfile).toContain(
      `USER ${pod?.securityContext?.runAsUser}:${pod?.securityContext?.runAsGroup}`,
    );
    const ports = container?.ports?.map(({ containerPort }) => containerPort);
    expect(dockerfile).toContain(`EXPOSE ${ports?.join(' ')}`);
    const config = readConfig(settingsIn('production'));
    expect(config).toMatchObject({ config: { port: ports?.[0], metricsPort: ports?.[1] } });
  });

  it('is reached by the Service and asked by the probes at ports that it has', () => {
    const names = container?.ports?.map(({ name }) => name);
    const service: IService = parse(read('deploy/kubernetes/base/service.yaml'));
    expect(service.spec?.ports?.map(({ targetPort }) => targetPort)).toEqual(names);
    expect(service.spec?.selector).toEqual(deployment.spec?.template.metadata?.labels);
    for (const probe of [container?.startupProbe, container?.readinessProbe, container?.livenessProbe]) {
      expect(names).toContain(probe?.httpGet?.port);
      expect(['/livez', '/readyz']).toContain(probe?.httpGet?.path);
    }
  });
});

describe('the image', () => {
  it('stands on the Node that package.json pins', () => {
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(read('Dockerfile')).toContain(`ARG NODE_IMAGE=node:${devDependencies.node}-slim`);
  });

  it('runs with the flags of the unit file and of npm start', () => {
    const flags = (file: string) => read(file).match(/--m(?:ax|in)-semi-space-size=\d+/g);
    const [, , ...ofCommand] = flags('Dockerfile') ?? [];
    expect(ofCommand).toHaveLength(2);
    expect(ofCommand).toEqual(flags('deploy/systemd/conference-gateway.service'));
    expect(ofCommand).toEqual(flags('package.json'));
  });
});

describe('the unit file', () => {
  it('gives the process the time that its drain takes by default', () => {
    const seconds = /^TimeoutStopSec=(\d+)$/m.exec(read('deploy/systemd/conference-gateway.service'))?.[1];
    expect(Number(seconds) * 1000).toBeGreaterThan(2000 + Number(settings.drainTimeoutMs.default));
  });
});

describe('compose.yaml', () => {
  const { services } = parse(read('compose.yaml'));

  it('has settings that exist', () => {
    const names = Object.values(settings).map(({ name }) => name);
    for (const service of ['gateway', 'simulator'])
      expect(names).toEqual(expect.arrayContaining(Object.keys(services[service].environment)));
    expect(readConfig(services.gateway.environment)).toMatchObject({ warnings: [] });
  });

  it('builds the dashboard for the gateway that it starts, at an origin that the gateway lists', () => {
    const { profiles, build, ports } = services.dashboard;
    expect(profiles).toEqual(['dashboard']);
    const dockerfile = read(`${build.context}/Dockerfile`);
    for (const name of Object.keys(build.args)) expect(dockerfile).toMatch(new RegExp(`^ARG ${name}$`, 'm'));
    const [address, outside] = ports[0].split(':');
    expect(address).toBe('127.0.0.1');
    expect(services.gateway.environment.CORS_ORIGINS).toBe(`http://localhost:${outside}`);
    const [, gatewayPort] = services.gateway.ports[0].split(':');
    expect(build.args.VITE_GATEWAY_URL).toBe(`http://localhost:${gatewayPort}/graphql`);
    const { devDependencies } = JSON.parse(read('package.json'));
    expect(dockerfile).toContain(`ARG NODE_IMAGE=node:${devDependencies.node}-slim`);
  });

  it('mounts files that are there, and scrapes the port that the gateway has', () => {
    const mounts = [...services.prometheus.volumes, ...services.grafana.volumes];
    for (const mount of mounts) expect(read(mount.split(':')[0])).not.toBe('');
    const { METRICS_PORT } = services.gateway.environment;
    expect(read('deploy/prometheus/prometheus.yml')).toContain(`gateway:${METRICS_PORT}`);
  });
});
