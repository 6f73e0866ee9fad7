/** What a clean install gets: exactly these packages, by their hashes, from the registry, and no script that is not named. */
import { readFileSync } from 'node:fs';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly overrides: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
}
interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly inBundle?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const read = <T>(name: string): T => JSON.parse(readFileSync(new URL(`../${name}`, import.meta.url), 'utf8')) as T;
const manifest = read<Manifest>('package.json');
const { lockfileVersion, packages } = read<{ lockfileVersion: number; packages: Record<string, LockedPackage> }>('package-lock.json');
const EXACT = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;
const { '': root, ...locked } = packages;
const installed = Object.entries(locked).filter(([, { inBundle }]) => !inBundle);

describe('R70 the packages of this repository', () => {
  it('are named by exact versions, every one of them', () => {
    const { dependencies, devDependencies, overrides } = manifest;
    const loose = Object.entries({ ...dependencies, ...devDependencies, ...overrides }).filter(([, version]) => !EXACT.test(version));
    expect(loose).toEqual([]);
  });

  it('are those of the lock file, at those versions', () => {
    expect(lockfileVersion).toBe(3);
    const { dependencies, devDependencies } = manifest;
    expect([root?.dependencies, root?.devDependencies]).toEqual([dependencies, devDependencies]);
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      expect([name, locked[`node_modules/${name}`]?.version]).toEqual([name, version]);
    }
  });

  it('come with their hash, from the registry: none by git, by link or from another place', () => {
    const odd = installed.filter(
      ([, { version = '', integrity = '', resolved, link }]) =>
        !EXACT.test(version) ||
        !/^sha512-/.test(integrity) ||
        link === true ||
        (resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/')),
    );
    expect(odd).toEqual([]);
    expect(installed.length).toBeGreaterThan(100);
  });

  it('run no script of their own at install but those that are named', () => {
    const scripts = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([path]) => path.replace(/^.*node_modules\//, ''));
    const named = new Set([...Object.keys(manifest.allowScripts), ...Object.keys(manifest.overrides)]);
    expect(scripts.filter((name) => !named.has(name))).toEqual([]);
  });
});
