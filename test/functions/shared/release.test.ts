import { RELEASE } from '../../../functions/shared/release.ts';
import packageJson from '../../../package.json' with { type: 'json' };

it('RELEASE is the version in package.json', () => {
  expect(RELEASE).toBe(packageJson.version);
});
