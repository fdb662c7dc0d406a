import { errorCodesModule } from './error-codes/module.ts';

process.stdout.write(errorCodesModule);
