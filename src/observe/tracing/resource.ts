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

/** What the spans are of: this service and version, one instance of it, and what the process's environment says of it, which counts most. */
export function readResource(version: string): Resource {
  const ours = { 'service.name': 'conference-gateway', 'service.version': version };
  const detectors = [
    serviceInstanceIdDetector,
    ...(isInQuotes('OTEL_RESOURCE_ATTRIBUTES') ? [] : [resourceAttributesEnvDetector]),
    ...(isInQuotes('OTEL_SERVICE_NAME') ? [] : [serviceNameEnvDetector]),
  ];
  return defaultResource().merge(resourceFromAttributes(ours)).merge(detectResources({ detectors }));
}

// The packages take the quotes as part of a name; here such a value counts as unset, with a warning at the start.
const isInQuotes = (name: string) => isQuoted(process.env[name]?.trim() ?? '');
