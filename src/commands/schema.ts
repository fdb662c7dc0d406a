import { print } from 'graphql';
import { domains } from '../gateway.ts';
import { readTypeDefs } from '../graphql/schema.ts';

process.stdout.write(`${print(readTypeDefs(domains))}\n`);
