import {
  defaultResource,
  detectResources,
  type Resource,
  resourceAttributesEnvDetector,
  resourceFromAttributes,
  serviceInstanceIdDetector,
  serviceNameEnvDetector,
} from '@opentelemetry/resources';
import { isQuoted } from '../../base/quoted.ts';

/** The resource of all spans: service, version, instance ID. `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` take precedence. */
export function readResource(version: string): Resource {
  const ours = { 'service.name': 'conference-gateway', 'service.version': version };
  const detectors = [
    serviceInstanceIdDetector,
    ...(isInQuotes('OTEL_RESOURCE_ATTRIBUTES') ? [] : [resourceAttributesEnvDetector]),
    ...(isInQuotes('OTEL_SERVICE_NAME') ? [] : [serviceNameEnvDetector]),
  ];
  return defaultResource().merge(resourceFromAttributes(ours)).merge(detectResources({ detectors }));
}

// The packages would take the quotes as part of the value. Here such a value counts as unset; a warning at the start says so.
const isInQuotes = (name: string) => isQuoted(process.env[name]?.trim() ?? '');
