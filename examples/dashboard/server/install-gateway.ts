import { installGateway } from './gateway.ts';

await installGateway();
