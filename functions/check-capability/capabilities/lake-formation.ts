/** Where Lake Formation governs the table, IAM alone does not let us alter it: GetTable may work while UpdateTable is denied. */
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

export const lakeFormation: Capability = async ({ plan }, { catalog }) => {
  if (!('table' in plan) || plan.database === null || plan.table === null) return notApplicable('changes no table');
  const table = await catalog.getTable(plan.database, plan.table);
  return table.isRegisteredWithLakeFormation
    ? unavailable(
        'Lake Formation governs this table; its ALTER permission cannot be seen from here',
        "change it by a role with Lake Formation's ALTER permission",
      )
    : available('not governed by Lake Formation');
};
