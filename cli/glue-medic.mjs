#!/usr/bin/env node
// Plain JavaScript on purpose: it must parse on a Node that is too old, to say so in one line.
import module from 'node:module';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 18)) {
  console.error(
    `E_NODE: this is Node ${process.versions.node}; Glue Medic runs on Node 24, which comes as the npm package "node". ` +
      'Start it through npm (`npm start`, `npm run medic`); if its install script was skipped, run `npm rebuild node` first.',
  );
  process.exit(3);
}
module.enableCompileCache?.();
const { main } = await import('./main.ts');
process.exitCode = await main(process.argv.slice(2), process);
