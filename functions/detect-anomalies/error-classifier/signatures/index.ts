/** The catalogue: every signature that comes with the product. Where two recognise a line equally well, the first one names it. */
import type { Signature } from '../signature.ts';
import { accessDenied } from './access-denied.ts';
import { codeDefect } from './code-defect.ts';
import { configuration } from './configuration.ts';
import { connectivity } from './connectivity.ts';
import { dataQuality } from './data-quality.ts';
import { missingInput } from './missing-input.ts';
import { resourceExhaustion } from './resource-exhaustion.ts';
import { schemaDrift } from './schema-drift.ts';
import { transientInfrastructure } from './transient-infrastructure.ts';

export const CATALOGUE: readonly Signature[] = [
  ...resourceExhaustion,
  ...accessDenied,
  ...transientInfrastructure,
  ...schemaDrift,
  ...dataQuality,
  ...missingInput,
  ...connectivity,
  ...configuration,
  ...codeDefect,
];
