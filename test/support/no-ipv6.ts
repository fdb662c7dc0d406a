import { Server } from 'node:net';

// Preloaded into a program. Simulates a machine without IPv6, where the system refuses such a socket with EAFNOSUPPORT.
const listen: () => Server = Reflect.get(Server.prototype, 'listen');
Server.prototype.listen = function (this: Server, ...args: unknown[]) {
  if (
    args.includes('::') ||
    args.some((arg) => typeof arg === 'object' && JSON.stringify(arg).includes('"::"'))
  ) {
    const error = Object.assign(new Error('listen EAFNOSUPPORT: ::'), { code: 'EAFNOSUPPORT' });
    process.nextTick(() => this.emit('error', error));
    return this;
  }
  return Reflect.apply(listen, this, args);
};
