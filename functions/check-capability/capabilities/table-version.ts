/** The plan's versions must be there: the one it starts from is current, the one it restores is archived. */
import { isNotFound } from '../../shared/aws-errors.ts';
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const tableVersion: Capability = async ({ plan }, { catalog }) => {
  if (!('table' in plan) || plan.database === null || plan.table === null || plan.fromVersionId === null)
    return notApplicable('changes no table');
  const current = await catalog.getTable(plan.database, plan.table);
  if (current.versionId !== plan.fromVersionId) {
    return unavailable(
      `E_VERSION: the table is at version ${current.versionId}, planned for ${plan.fromVersionId}`,
      'gather evidence again',
    );
  }
  if (plan.action !== 'ROLLBACK_SCHEMA') return available(`the table is at version ${current.versionId}`);
  if (plan.toVersionId === current.versionId)
    return unavailable(`E_VERSION: ${plan.toVersionId} is the current version`, 'nothing to restore');
  try {
    await catalog.getTableVersion(plan.database, plan.table, plan.toVersionId);
    return available(`version ${plan.toVersionId} is archived`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    const archived = (await catalog.listTableVersions(plan.database, plan.table, 10)).map((version) => version.versionId);
    return unavailable(
      `E_VERSION: ${plan.toVersionId} not found (archived versions: ${archived.join(', ')})`,
      'writers must not skip archiving (SkipArchive)',
    );
  }
};
