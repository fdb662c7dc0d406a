// Required before the sources by the scripts of package.json. A Node that cannot run them would end in ERR_UNKNOWN_FILE_EXTENSION
// or a syntax error: it is told which one is needed. Plain old JavaScript, for it must run on that Node.
const { engines, devDependencies } = require('../package.json');

const needed = Number(/\d+/.exec(engines.node)[0]);
if (parseInt(process.versions.node, 10) < needed) {
  console.error(
    `Node.js ${needed} or newer is needed, and this is ${process.versions.node}. ` +
      `\`npm ci\` installs Node.js ${devDependencies.node} for the npm scripts; with --omit=dev, install it yourself (https://nodejs.org).`,
  );
  process.exit(1);
}
