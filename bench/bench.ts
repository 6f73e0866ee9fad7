/** `npm run bench [-- --python PATH]`: ratios between runs on this machine, none of them a promise about another one. */
await import('./classify.ts');
await import('./profile.ts');
