/** Only plain Hive tables are changed through the catalog: open table formats, views and links keep their schema elsewhere. */
import { openFormatOf } from '../../gather-evidence/read-tables.ts';
import { available, type Capability, notApplicable, unavailable } from '../capability.ts';

/** Others, such as governed tables and materialised views, have rules of their own. */
const PLAIN_TYPES = ['EXTERNAL_TABLE', 'MANAGED_TABLE'];

export const tableFormat: Capability = async ({ plan }, { catalog }) => {
  if (!('table' in plan) || plan.database === null || plan.table === null) return notApplicable('changes no table');
  const table = await catalog.getTable(plan.database, plan.table);
  const format = openFormatOf(table);
  if (format) return unavailable(`E_TABLE_FORMAT: ${format} needs table-format rollback`, `use ${format}'s own snapshots`);
  if (table.isResourceLink)
    return unavailable('E_TABLE_FORMAT: a resource link points to a table of another account or database', 'change the linked table');
  if (table.isFederated) return unavailable('E_TABLE_FORMAT: a federated table is described by its source', 'change it at its source');
  if (table.tableType === 'VIRTUAL_VIEW') return unavailable('E_TABLE_FORMAT: a view has no schema of its own', 'change the view');
  if (table.tableType !== null && !PLAIN_TYPES.includes(table.tableType))
    return unavailable(`E_TABLE_FORMAT: a table of type ${table.tableType} is not changed through the catalog`, 'change it by hand');
  return available('a plain table of the catalog');
};
