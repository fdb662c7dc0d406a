// The scripts of package.json require this file before the sources. An old Node would end with ERR_UNKNOWN_FILE_EXTENSION or a syntax
// error; this file says which version is needed. It is written in old JavaScript, because it must run on that Node.
const { engines, devDependencies } = require('../package.json');

const needed = Number(/\d+/.exec(engines.node)[0]);
if (parseInt(process.versions.node, 10) < needed) {
  console.error(
    `Node.js ${needed} or newer is needed, and this is ${process.versions.node}. ` +
      `\`npm ci\` installs Node.js ${devDependencies.node} for the npm scripts; with --omit=dev, install it yourself (https://nodejs.org).`,
  );
  process.exit(1);
}
